#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "base/process_image.h"
#include "base/result.h"

namespace firstchance {

//! \brief How a copy of a live process is taken.
enum class CaptureMethod {
    Clone, //!< copy on write: one thread of the target is made to clone the process
    Copy,  //!< its private memory is copied into our RAM while it stands
    Stop   //!< it stands until the image is released
};
[[nodiscard]] const char* captureMethodName(CaptureMethod method);

//! \brief Whether the garbage collector was between two consistent states, as far as the poll in the pause
//! could tell.
enum class GcState { Idle, InProgress, Unknown };

//! \brief Milliseconds, by the monotonic clock.
struct SnapshotTimings {
    double prepareMs = 0;      //!< before anything stopped
    double pauseMs = 0;        //!< first thread stopped to last thread let go
    double runningPauseMs = 0; //!< the same for threads that were running
    double stopMs = 0;         //!< until all stood
    double cloneMs = 0;        //!< the injected call (or the copy)
    double sharedCopyMs = 0;
    double detachMs = 0;
    //! In which a kill -9 of ours would leave one thread with a foreign call result; 0: it finds back alone.
    double windowMs = 0;
    double reapWindowMs = 0;       //!< the same when the copy is reaped; known after release()
    double retryPauseMs = 0;       //!< earlier stops that met a garbage collection
    std::int64_t pauseBeginNs = 0; //!< CLOCK_MONOTONIC, to find the pause in the target's own log
    std::int64_t pauseEndNs = 0;
    int gcRetries = 0;
    std::uint64_t sharedBytes = 0;
    std::uint64_t lostSharedBytes = 0; //!< shared memory that did not fit sharedCopyLimit
};

struct SnapshotOptions {
    CaptureMethod method = CaptureMethod::Clone;
    Address gcCounter; //!< int32, not 0 while a collection works; null: not polled
    std::chrono::milliseconds gcRetryBudget{500};
    int gcRetries = 20;
    std::chrono::milliseconds stopTimeout{1000}; //!< for one attempt to stop all threads
    std::chrono::milliseconds pauseLimit{
        30'000}; //!< Stop, Copy: the target is let go after that at the latest
    std::uint64_t sharedCopyLimit = 256ULL << 20U;
    std::uint64_t copyBudget = 1ULL << 30U; //!< Copy: bytes of our RAM
    //! \brief Called while all threads stand, after the last retry: what is not in the copy (open files,
    //! counters of the kernel) is read here. It is pause: keep it short.
    std::function<void()> whileStopped;
    //! \brief Called once, as soon as all threads run again and before anything is done with the copy; not
    //! for Stop. On another thread, while takeSnapshot waits.
    std::function<void(const SnapshotTimings&)> onResumed;
    const std::atomic<bool>* cancelled = nullptr;
};

//! \brief A process as it stood at one instant.
//!
//! The process that took it may fork: children read the image, only the one that took it can release it.
class FrozenProcess : public ProcessImage {
public:
    [[nodiscard]] virtual const SnapshotTimings& timings() const = 0;
    [[nodiscard]] virtual GcState gcState() const = 0;
    [[nodiscard]] virtual CaptureMethod method() const = 0;
    //! \brief Stop: when the target is let go, released or not, and reads begin to fail; nothing for the
    //! other methods.
    [[nodiscard]] virtual std::optional<std::chrono::steady_clock::time_point> mustReleaseBy() const = 0;
    //! \brief Ends the copy and leaves nothing of it in the target; the second call does nothing. The
    //! destructor does the same. Fails when a zombie had to be left (the target's threads would not stop in
    //! time) and, for Stop, when the target had to be let go before.
    virtual Result<void> release() = 0;
};

//! \brief Takes a snapshot by exactly the method asked for.
//!
//! ptrace belongs to a thread: each snapshot has its own, so this and release() may be called from any. A
//! polite kill (SIGTERM, SIGINT, …) of the calling thread waits until the target runs again; other threads of
//! the caller that do not block these signals would take them. Errors: NoSuchProcess, PermissionDenied,
//! AlreadyTraced, StopTimeout (a thread would not stop), CloneRefused, DeadlineExceeded (Copy: over the
//! budget or pauseLimit), TargetGone, Cancelled, Unsupported (32 bit), InvalidArgument (ourselves). The
//! target runs on after each of them.
[[nodiscard]] Result<std::unique_ptr<FrozenProcess>> takeSnapshot(pid_t pid, const SnapshotOptions& options);

} // namespace firstchance
