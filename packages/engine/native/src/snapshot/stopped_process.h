#pragma once

#include <memory>

#include "linux/pagemap.h"
#include "linux/process_memory.h"
#include "snapshot/frozen_image.h"

namespace firstchance {

//! \brief The process itself, standing until it is released or a time limit has passed. The last resort of
//! ours: the pause is the whole capture.
class StoppedProcess : public FrozenImage {
public:
    StoppedProcess(const LiveProcess& live, std::unique_ptr<StoppedThreads> threads, SharedCopy shared,
                   ProcessMemory memory, Pagemap pagemap, std::chrono::steady_clock::time_point releaseBy);
    ~StoppedProcess() override { static_cast<void>(release()); }
    StoppedProcess(const StoppedProcess&) = delete;
    StoppedProcess& operator=(const StoppedProcess&) = delete;

    [[nodiscard]] CaptureMethod method() const override { return CaptureMethod::Stop; }
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> mustReleaseBy() const override {
        return releaseBy_;
    }
    //! \brief Starts the clock: lets the target go when its time is over, whoever holds this.
    void watch(TracerThread& tracer);

protected:
    Result<void> releaseOnTracer() override;
    [[nodiscard]] std::size_t readPrivate(Address address, std::span<std::byte> buffer) const override;
    [[nodiscard]] std::vector<AddressRange> privatePagesOf(const Mapping& mapping,
                                                           AddressRange range) const override;

private:
    [[nodiscard]] std::atomic<bool>& runsAgain() const;
    void letGo();

    std::unique_ptr<StoppedThreads> stopped_;
    ProcessMemory memory_;
    Pagemap pagemap_;
    std::chrono::steady_clock::time_point releaseBy_;
    MappedBuffer
        flag_; //!< shared with forked readers: memory of a process that runs again must not pass for frozen
};

} // namespace firstchance
