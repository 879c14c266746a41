#pragma once

#include <string>
#include <vector>

#include "base/process_image.h"
#include "base/unique_fd.h"

namespace firstchance::test {

//! \brief A run of target_program, stopped by ptrace: a real process as an image. To be used on one thread.
class StoppedChild final : public ProcessImage {
public:
    StoppedChild();
    ~StoppedChild() override;

    pid_t pid() const override { return pid_; }
    const std::string& commandName() const override { return name_; }
    std::span<const Mapping> mappings() const override { return mappings_; }
    std::span<const ThreadImage> threads() const override { return threads_; }
    std::span<const std::byte> auxiliaryVector() const override { return auxiliary_; }
    std::size_t read(Address address, std::span<std::byte> buffer) const override;
    std::vector<AddressRange> privatePages(AddressRange range) const override;

    //! \brief The block of known content that it printed.
    [[nodiscard]] AddressRange block() const { return block_; }
    [[nodiscard]] static std::string program();
    //! \brief Lets it go on and end; its exit code, 0 when its memory was intact.
    int finish();

private:
    void start();
    void readMaps();
    void stopThreads();

    pid_t pid_ = 0;
    std::string name_ = "target_program";
    UniqueFd input_;
    UniqueFd pagemap_;
    AddressRange block_;
    std::vector<Mapping> mappings_;
    std::vector<ThreadImage> threads_;
    std::vector<std::byte> auxiliary_;
};

} // namespace firstchance::test
