#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/process_image.h"
#include "base/unique_fd.h"

namespace firstchance {

//! \brief A process image for tests of this layer: a live process held by PTRACE_INTERRUPT, read through
//! /proc/PID/mem. Lets it go when destroyed.
class StoppedProcess : public ProcessImage {
public:
    //! \brief Stops all threads of \p pid; the test fails if that is not possible.
    explicit StoppedProcess(pid_t pid);
    StoppedProcess(const StoppedProcess&) = delete;
    StoppedProcess& operator=(const StoppedProcess&) = delete;
    ~StoppedProcess() override;

    [[nodiscard]] pid_t pid() const override { return pid_; }
    [[nodiscard]] const std::string& commandName() const override { return name_; }
    [[nodiscard]] std::span<const Mapping> mappings() const override { return mappings_; }
    [[nodiscard]] std::span<const ThreadImage> threads() const override { return threads_; }
    [[nodiscard]] std::span<const std::byte> auxiliaryVector() const override { return auxv_; }
    [[nodiscard]] std::size_t read(Address address, std::span<std::byte> buffer) const override;
    //! \brief Nothing of a file that may not be written to, else all of it: coarser than the page map.
    [[nodiscard]] std::vector<AddressRange> privatePages(AddressRange range) const override {
        const Mapping* mapping = findMapping(range.begin);
        const bool constant = mapping != nullptr && mapping->isFile() && !mapping->writable;
        return constant ? std::vector<AddressRange>{} : std::vector<AddressRange>{range};
    }

private:
    bool stopNewThreads();

    pid_t pid_;
    std::string name_;
    UniqueFd memory_;
    std::vector<Mapping> mappings_;
    std::vector<ThreadImage> threads_;
    std::vector<std::byte> auxv_;
};

} // namespace firstchance
