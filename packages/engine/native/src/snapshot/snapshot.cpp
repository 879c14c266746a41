#include "snapshot/snapshot.h"

#include <sys/mman.h>
#include <unistd.h>

#include <thread>

#include "linux/live_process.h"
#include "linux/priority.h"
#include "linux/task_list.h"
#include "snapshot/clone_target.h"
#include "snapshot/copied_process.h"
#include "snapshot/signal_shield.h"
#include "snapshot/stopped_process.h"
#include "snapshot/stopped_threads.h"

namespace firstchance {
namespace {

constexpr std::chrono::milliseconds kGcPollInterval{2};

double milliseconds(std::int64_t nanoseconds) {
    return static_cast<double>(nanoseconds) / 1e6;
}

//! \brief Keeps the pages we have in memory for the life of this object, where the limit allows: a fault of
//! ours in the pause is pause of the target. ONFAULT is vital: a plain mlockall would fault in our whole view
//! of the target's memfd, and a read fault on a hole of shared memory allocates a page there: gigabytes in
//! the target.
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
Result<GcState> stopBetweenCollections(StoppedThreads& stopped, const ProcessImage& target,
                                       const SnapshotOptions& options, SnapshotTimings& timings) {
    const auto deadline = std::chrono::steady_clock::now() + options.gcRetryBudget;
    for (;;) {
        if (options.cancelled != nullptr && *options.cancelled) {
            return fail({ErrorCode::Cancelled, "Taking a snapshot of process " + std::to_string(target.pid()),
                         "it was cancelled", "", 0});
        }
        if (auto result = stopped.stopAll(options.stopTimeout); !result) {
            return fail(result.error());
        }
        const GcState state = pollCounter(target, options.gcCounter);
        const bool mayRetry =
            timings.gcRetries < options.gcRetries && std::chrono::steady_clock::now() < deadline;
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
    InjectionMeans means;
};

//! \brief All that can be done before anybody stops.
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
    Prepared prepared{std::move(*live), {}, std::move(*memory), std::move(*pagemap), std::nullopt, {}};
    if (options.method == CaptureMethod::Clone) {
        auto means = examineForClone(*prepared.live);
        if (!means) {
            return fail(means.error());
        }
        prepared.means = *means;
    }
    if (options.method == CaptureMethod::Copy) {
        auto copy = PrivateCopy::prepare(*prepared.live, options.copyBudget);
        if (!copy) {
            return fail(copy.error());
        }
        prepared.copy = std::move(*copy);
    }
    prepared.shared.prepare(livingTask(pid), *prepared.live, options.sharedCopyLimit);
    return prepared;
}

//! \brief One snapshot, on the thread that traces.
class Attempt {
public:
    Attempt(pid_t pid, const SnapshotOptions& options) : pid_(pid), options_(options) {}

    Result<std::unique_ptr<FrozenImage>> run() {
        const auto begin = monotonicNanoseconds();
        auto prepared = prepare(pid_, options_);
        if (!prepared) {
            return fail(prepared.error());
        }
        prepared_.emplace(std::move(*prepared));
        stopped_ = std::make_unique<StoppedThreads>(pid_);
        auto image = stopAndTake(begin);
        if (image) {
            (*image)->setTimings(timings_);
            (*image)->setGcState(gcState_);
        }
        return image;
    }

private:
    Result<std::unique_ptr<FrozenImage>> stopAndTake(std::int64_t begin) {
        const LockedMemory locked;
        const ScopedPriorityBoost boost(0);
        timings_.prepareMs = milliseconds(monotonicNanoseconds() - begin);
        const auto state = stopBetweenCollections(*stopped_, *prepared_->live, options_, timings_);
        if (!state) {
            return fail(state.error());
        }
        gcState_ = *state;
        timings_.stopMs = milliseconds(monotonicNanoseconds() - stopped_->firstInterrupt());
        if (options_.whileStopped) {
            options_.whileStopped();
        }
        const auto sharedStart = monotonicNanoseconds();
        prepared_->shared.copy(*prepared_->live);
        timings_.sharedCopyMs = milliseconds(monotonicNanoseconds() - sharedStart);
        timings_.sharedBytes = prepared_->shared.bytes();
        timings_.lostSharedBytes = prepared_->shared.lostBytes();
        switch (options_.method) {
        case CaptureMethod::Clone: return clone();
        case CaptureMethod::Copy: return copy();
        case CaptureMethod::Stop: break;
        }
        return hold();
    }

    Result<std::unique_ptr<FrozenImage>> clone() {
        CloneTimes times;
        auto clone = cloneTarget(*prepared_->live, *stopped_, prepared_->means, times);
        timings_.cloneMs = milliseconds(times.clone);
        timings_.windowMs = milliseconds(times.window);
        timings_.detachMs = milliseconds(times.detach);
        resumed(times.runningEnd, times.end, clone.has_value());
        if (!clone) {
            return fail(clone.error());
        }
        return adoptClone(*clone, *prepared_->live, stopped_->threads(), std::move(prepared_->shared));
    }

    Result<std::unique_ptr<FrozenImage>> copy() {
        const auto start = monotonicNanoseconds();
        const auto mapped = prepared_->live->refreshMappings();
        const bool fits = mapped && prepared_->copy->copy(*prepared_->live, std::chrono::steady_clock::now() +
                                                                                options_.pauseLimit);
        const auto detach = monotonicNanoseconds();
        timings_.cloneMs = milliseconds(detach - start);
        stopped_->release(true, 0);
        const auto runningEnd = monotonicNanoseconds();
        stopped_->release(false, 0);
        const auto end = monotonicNanoseconds();
        timings_.detachMs = milliseconds(end - detach);
        resumed(runningEnd, end, fits);
        if (!mapped) {
            return fail(mapped.error());
        }
        if (!fits) {
            return fail({ErrorCode::DeadlineExceeded,
                         "Copying the memory of process " + std::to_string(pid_) + " in the pause",
                         "it grew over what may be copied, or took longer than it may stand", "", 0});
        }
        return std::make_unique<CopiedProcess>(*prepared_->live, stopped_->threads(),
                                               std::move(prepared_->shared), std::move(*prepared_->copy),
                                               std::move(prepared_->memory));
    }

    Result<std::unique_ptr<FrozenImage>> hold() {
        if (const auto mapped = prepared_->live->refreshMappings(); !mapped) {
            return fail(mapped.error());
        }
        const auto pauseMs = (monotonicNanoseconds() - stopped_->firstInterrupt()) / 1'000'000;
        return std::make_unique<StoppedProcess>(
            *prepared_->live, std::move(stopped_), std::move(prepared_->shared), std::move(prepared_->memory),
            std::move(prepared_->pagemap),
            std::chrono::steady_clock::now() + options_.pauseLimit - std::chrono::milliseconds(pauseMs));
    }

    void resumed(std::int64_t runningEnd, std::int64_t end, bool taken) {
        timings_.pauseMs = milliseconds(end - stopped_->firstInterrupt());
        timings_.pauseBeginNs = stopped_->firstInterrupt();
        timings_.pauseEndNs = end;
        timings_.runningPauseMs = milliseconds(runningEnd - stopped_->firstRunningInterrupt());
        if (taken && options_.onResumed) {
            options_.onResumed(timings_);
        }
    }

    pid_t pid_;
    const SnapshotOptions& options_;
    SnapshotTimings timings_;
    GcState gcState_ = GcState::Unknown;
    std::optional<Prepared> prepared_;
    std::unique_ptr<StoppedThreads> stopped_;
};

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
    if (pid == ::getpid()) {
        return fail({ErrorCode::InvalidArgument, "Taking a snapshot of process " + std::to_string(pid),
                     "that is this process itself", "", 0});
    }
    auto tracer = std::make_unique<TracerThread>();
    Result<std::unique_ptr<FrozenImage>> image = fail({});
    {
        const SignalShield shield;
        tracer->run([&] { image = Attempt(pid, options).run(); });
        if (image && (*image)->method() == CaptureMethod::Stop) {
            static_cast<StoppedProcess&>(**image).watch(*tracer);
        }
        if (image && (*image)->method() != CaptureMethod::Copy) {
            (*image)->keepTracer(std::move(tracer));
        }
        tracer
            .reset(); // before signals are let in: with it goes what an attempt that failed could not let go
    }
    if (!image) {
        return fail(image.error());
    }
    return std::unique_ptr<FrozenProcess>(std::move(*image));
}

} // namespace firstchance
