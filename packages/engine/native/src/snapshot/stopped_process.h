#pragma once

#include <memory>

#include "linux/pagemap.h"
#include "linux/process_memory.h"
#include "snapshot/frozen_image.h"

namespace firstchance {

//! \brief The process itself, standing until it is released. The last resort of ours: the pause is the whole capture.
class StoppedProcess : public FrozenImage {
public:
    StoppedProcess(const LiveProcess& live, std::unique_ptr<StoppedThreads> threads, SharedCopy shared, ProcessMemory memory,
                   Pagemap pagemap, std::chrono::milliseconds limit);
    ~StoppedProcess() override { static_cast<void>(release()); }
    StoppedProcess(const StoppedProcess&) = delete;
    StoppedProcess& operator=(const StoppedProcess&) = delete;

    [[nodiscard]] CaptureMethod method() const override { return CaptureMethod::Stop; }
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> mustReleaseBy() const override { return releaseBy_; }
    Result<void> release() override;

protected:
    [[nodiscard]] std::size_t readPrivate(Address address, std::span<std::byte> buffer) const override {
        return memory_.read(address, buffer);
    }
    [[nodiscard]] std::vector<AddressRange> privatePagesOf(const Mapping& mapping, AddressRange range) const override {
        return pagemap_.privatePages(mapping, range);
    }

private:
    std::unique_ptr<StoppedThreads> stopped_;
    ProcessMemory memory_;
    Pagemap pagemap_;
    std::chrono::steady_clock::time_point releaseBy_;
};

} // namespace firstchance
