#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/process_image.h"
#include "base/result.h"
#include "linux/pagemap.h"
#include "linux/process_memory.h"

namespace firstchance {

//! \brief A running process, read without stopping it: what it shows may be torn. Has no registers.
//!
//! Good for facts that do not move: where the runtime is, where its counters are.
class LiveProcess : public ProcessImage {
public:
    static Result<std::unique_ptr<LiveProcess>> open(pid_t pid);
    //! \brief Reads the memory map anew: it changes as the process runs.
    Result<void> refreshMappings();

    [[nodiscard]] pid_t pid() const override { return pid_; }
    [[nodiscard]] const std::string& commandName() const override { return name_; }
    [[nodiscard]] std::span<const Mapping> mappings() const override { return mappings_; }
    [[nodiscard]] std::span<const ThreadImage> threads() const override { return {}; }
    [[nodiscard]] std::span<const std::byte> auxiliaryVector() const override { return auxv_; }
    [[nodiscard]] std::size_t read(Address address, std::span<std::byte> buffer) const override {
        return memory_.read(address, buffer);
    }
    [[nodiscard]] std::string rootPrefix() const override { return rootPrefix_; }
    [[nodiscard]] std::vector<AddressRange> privatePages(AddressRange range) const override;

private:
    LiveProcess(pid_t pid, ProcessMemory memory, Pagemap pagemap)
        : pid_(pid), memory_(std::move(memory)), pagemap_(std::move(pagemap)) {}

    pid_t pid_;
    std::string name_;
    std::string rootPrefix_;
    std::vector<Mapping> mappings_;
    std::vector<std::byte> auxv_;
    ProcessMemory memory_;
    Pagemap pagemap_;
};

//! \brief "/proc/PID/root" when the process lives in another mount namespace than we do, else empty.
[[nodiscard]] std::string mountRootOf(pid_t pid);

} // namespace firstchance
