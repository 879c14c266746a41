#include "snapshot/snapshot.h"

#include <sys/mman.h>
#include <unistd.h>

#include <thread>

#include "linux/live_process.h"
#include "linux/priority.h"
#include "snapshot/clone_target.h"
#include "snapshot/copied_process.h"
#include "snapshot/signal_shield.h"
#include "snapshot/stopped_process.h"
#include "snapshot/stopped_threads.h"

namespace firstchance {
namespace {

constexpr std::chrono::milliseconds kGcPollInterval{2};

double milliseconds(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e6; }

//! \brief Keeps the pages we have in memory for the life of this object, where the limit allows: a fault of ours in the
//! pause is pause of the target. ONFAULT is vital: a plain mlockall would fault in our whole view of the target's
//! memfd, and a read fault on a hole of shared memory allocates a page there: gigabytes in the target.
class LockedMemory {
public:
    LockedMemory() { locked_ = ::mlockall(MCL_CURRENT | MCL_ONFAULT) == 0; }
    LockedMemory(const LockedMemory&) = delete;
    LockedMemory& operator=(const LockedMemory&) = delete;
    ~LockedMemory() {
        if (locked_) {
            ::munlockall();
        }
    }

private:
    bool locked_ = false;
};

GcState pollCounter(const ProcessImage& target, Address counter) {
    if (counter.isNull()) {
        return GcState::Unknown;
    }
    const auto value = target.readValue<std::int32_t>(counter);
    if (!value) {
        return GcState::Unknown;
    }
    return *value == 0 ? GcState::Idle : GcState::InProgress;
}

//! \brief Stops all threads at a moment when no collection is under way, if that comes within the budget.
Result<GcState> stopBetweenCollections(StoppedThreads& stopped, const ProcessImage& target, const SnapshotOptions& options,
                                       SnapshotTimings& timings) {
    const auto deadline = std::chrono::steady_clock::now() + options.gcRetryBudget;
    for (;;) {
        if (auto result = stopped.stopAll(options.stopTimeout); !result) {
            return fail(result.error());
        }
        const GcState state = pollCounter(target, options.gcCounter);
        const bool mayRetry = timings.gcRetries < options.gcRetries && std::chrono::steady_clock::now() < deadline;
        if (state != GcState::InProgress || !mayRetry) {
            return state;
        }
        const auto first = stopped.firstInterrupt();
        stopped.releaseAll();
        ++timings.gcRetries;
        timings.retryPauseMs += milliseconds(monotonicNanoseconds() - first);
        std::this_thread::sleep_for(kGcPollInterval);
    }
}

struct Prepared {
    std::unique_ptr<LiveProcess> live;
    SharedCopy shared;
    ProcessMemory memory;
    Pagemap pagemap;
    std::optional<PrivateCopy> copy;
};

Result<Prepared> prepare(pid_t pid, const SnapshotOptions& options) {
    auto live = LiveProcess::open(pid);
    if (!live) {
        return fail(live.error());
    }
    auto memory = ProcessMemory::open(pid);
    if (!memory) {
        return fail(memory.error());
    }
    auto pagemap = Pagemap::open(pid);
    if (!pagemap) {
        return fail(pagemap.error());
    }
    Prepared prepared{std::move(*live), {}, std::move(*memory), std::move(*pagemap), std::nullopt};
    if (options.method == CaptureMethod::Copy) {
        auto copy = PrivateCopy::prepare(options.copyBudget);
        if (!copy) {
            return fail(copy.error());
        }
        prepared.copy = std::move(*copy);
    }
    prepared.shared.prepare(pid, prepared.live->mappings(), options.sharedCopyLimit);
    return prepared;
}

void finishTimings(const StoppedThreads& stopped, std::int64_t runningEnd, std::int64_t end, SnapshotTimings& timings) {
    timings.pauseBeginNs = stopped.firstInterrupt();
    timings.pauseEndNs = end;
    timings.pauseMs = milliseconds(end - stopped.firstInterrupt());
    timings.runningPauseMs = milliseconds(runningEnd - stopped.firstRunningInterrupt());
}

Result<std::unique_ptr<FrozenImage>> copyPrivate(Prepared& prepared, StoppedThreads& stopped, SnapshotTimings& timings) {
    const auto start = monotonicNanoseconds();
    const bool fits = prepared.copy->copy(*prepared.live);
    timings.cloneMs = milliseconds(monotonicNanoseconds() - start);
    const auto detach = monotonicNanoseconds();
    stopped.release(true, 0);
    const auto runningEnd = monotonicNanoseconds();
    stopped.release(false, 0);
    const auto end = monotonicNanoseconds();
    timings.detachMs = milliseconds(end - detach);
    finishTimings(stopped, runningEnd, end, timings);
    if (!fits) {
        return fail({ErrorCode::DeadlineExceeded, "Copying the memory of process " + std::to_string(prepared.live->pid()) + " in the pause",
                     "it has more private memory than may be copied", "", 0});
    }
    return std::make_unique<CopiedProcess>(*prepared.live, stopped.threads(), std::move(prepared.shared),
                                           std::move(*prepared.copy), std::move(prepared.memory));
}

Result<std::unique_ptr<FrozenImage>> cloneIt(Prepared& prepared, StoppedThreads& stopped, SnapshotTimings& timings) {
    CloneTimes times;
    auto clone = cloneTarget(*prepared.live, stopped, times);
    timings.cloneMs = milliseconds(times.clone);
    timings.windowMs = milliseconds(times.window);
    timings.detachMs = milliseconds(times.detach);
    finishTimings(stopped, times.runningEnd, times.end, timings);
    if (!clone) {
        return fail(clone.error());
    }
    return adoptClone(*clone, *prepared.live, stopped.threads(), std::move(prepared.shared));
}

} // namespace

const char* captureMethodName(CaptureMethod method) {
    switch (method) {
    case CaptureMethod::Clone: return "clone";
    case CaptureMethod::Copy: return "copy";
    case CaptureMethod::Stop: return "stop";
    }
    return "clone";
}

Result<std::unique_ptr<FrozenProcess>> takeSnapshot(pid_t pid, const SnapshotOptions& options) {
    SnapshotTimings timings;
    const auto begin = monotonicNanoseconds();
    auto prepared = prepare(pid, options);
    if (!prepared) {
        return fail(prepared.error());
    }
    auto stopped = std::make_unique<StoppedThreads>(pid);
    if (options.cancelled != nullptr && *options.cancelled) {
        return fail({ErrorCode::Cancelled, "Taking a snapshot of process " + std::to_string(pid), "it was cancelled", "", 0});
    }
    Result<std::unique_ptr<FrozenImage>> image = fail({});
    GcState gcState = GcState::Unknown;
    {
        const LockedMemory locked;
        const ScopedPriorityBoost boost(0);
        timings.prepareMs = milliseconds(monotonicNanoseconds() - begin);
        const SignalShield shield;
        const auto state = stopBetweenCollections(*stopped, *prepared->live, options, timings);
        if (!state) {
            return fail(state.error());
        }
        gcState = *state;
        timings.stopMs = milliseconds(monotonicNanoseconds() - stopped->firstInterrupt());
        const auto sharedStart = monotonicNanoseconds();
        prepared->shared.copy(*prepared->live);
        timings.sharedCopyMs = milliseconds(monotonicNanoseconds() - sharedStart);
        timings.sharedBytes = prepared->shared.bytes();
        timings.lostSharedBytes = prepared->shared.lostBytes();
        switch (options.method) {
        case CaptureMethod::Clone: image = cloneIt(*prepared, *stopped, timings); break;
        case CaptureMethod::Copy: image = copyPrivate(*prepared, *stopped, timings); break;
        case CaptureMethod::Stop:
            image = std::make_unique<StoppedProcess>(*prepared->live, std::move(stopped), std::move(prepared->shared),
                                                     std::move(prepared->memory), std::move(prepared->pagemap), options.pauseLimit);
            break;
        }
    }
    if (!image) {
        return fail(image.error());
    }
    (*image)->setTimings(timings);
    (*image)->setGcState(gcState);
    return std::unique_ptr<FrozenProcess>(std::move(*image));
}

} // namespace firstchance
