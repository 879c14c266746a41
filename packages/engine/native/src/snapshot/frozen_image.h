#pragma once

#include <string>
#include <vector>

#include "linux/live_process.h"
#include "snapshot/shared_copy.h"
#include "snapshot/snapshot.h"
#include "snapshot/stopped_threads.h"
#include "snapshot/tracer_thread.h"

namespace firstchance {

//! \brief What all three kinds of frozen process have in common: everything but where the private memory is
//! read.
class FrozenImage : public FrozenProcess {
public:
    [[nodiscard]] pid_t pid() const override { return pid_; }
    [[nodiscard]] const std::string& commandName() const override { return name_; }
    [[nodiscard]] std::span<const Mapping> mappings() const override { return mappings_; }
    [[nodiscard]] std::span<const ThreadImage> threads() const override { return threads_; }
    [[nodiscard]] std::span<const std::byte> auxiliaryVector() const override { return auxv_; }
    [[nodiscard]] std::string rootPrefix() const override { return rootPrefix_; }
    [[nodiscard]] const SnapshotTimings& timings() const override { return timings_; }
    [[nodiscard]] GcState gcState() const override { return gcState_; }
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> mustReleaseBy() const override {
        return {};
    }
    [[nodiscard]] std::size_t read(Address address, std::span<std::byte> buffer) const override;
    [[nodiscard]] std::vector<AddressRange> privatePages(AddressRange range) const override;

    Result<void> release() final;
    //! \brief Keeps the thread that traces the target or its copy until the release.
    void keepTracer(std::unique_ptr<TracerThread> tracer) { tracer_ = std::move(tracer); }
    void setTimings(const SnapshotTimings& timings) { timings_ = timings; }
    void setGcState(GcState state) { gcState_ = state; }

protected:
    //! \brief Takes the facts of \p live; its memory map at the freeze; the registers of \p threads; the
    //! shared memory.
    FrozenImage(const LiveProcess& live, std::span<const Mapping> mappings,
                const std::vector<TracedThread>& threads, SharedCopy shared);

    //! \brief Ends what is held of the target; called once, on the thread that traces it.
    virtual Result<void> releaseOnTracer() { return {}; }

    //! \brief Reads memory that is not in the shared copy.
    [[nodiscard]] virtual std::size_t readPrivate(Address address, std::span<std::byte> buffer) const = 0;
    [[nodiscard]] virtual std::vector<AddressRange> privatePagesOf(const Mapping& mapping,
                                                                   AddressRange range) const = 0;
    //! \brief False in a process forked after the snapshot: it reads, but must not touch the target.
    [[nodiscard]] bool isOwner() const;

    SnapshotTimings timings_;

private:
    pid_t owner_;
    pid_t pid_;
    std::string name_;
    std::string rootPrefix_;
    std::vector<Mapping> mappings_;
    std::vector<ThreadImage> threads_;
    std::vector<std::byte> auxv_;
    SharedCopy shared_;
    GcState gcState_ = GcState::Unknown;
    std::unique_ptr<TracerThread> tracer_;
};

} // namespace firstchance
