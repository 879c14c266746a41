#pragma once

#include "snapshot/cloned_process.h"
#include "snapshot/injection.h"

namespace firstchance {

//! \brief Nanoseconds and points in time (CLOCK_MONOTONIC, ns) of one injected clone.
struct CloneTimes {
    std::int64_t clone = 0;
    std::int64_t window = 0; //!< in which a kill of ours would have harmed a thread; 0: it finds back
    std::int64_t detach = 0;
    std::int64_t runningEnd = 0;
    std::int64_t end = 0;
};

//! \brief Before anything stops: whether a clone can be taken at all, and with what. CloneRefused says why
//! not.
Result<InjectionMeans> examineForClone(const ProcessImage& target);

//! \brief Makes one of the stopped threads clone the process and lets all threads go, running ones first.
//! They are let go on failure too.
Result<CloneOfTarget> cloneTarget(const ProcessImage& target, StoppedThreads& stopped,
                                  const InjectionMeans& means, CloneTimes& times);

//! \brief After the pause: makes the copy the first to go when memory is short, and opens it. On failure it
//! is removed.
Result<std::unique_ptr<FrozenImage>> adoptClone(const CloneOfTarget& clone, const LiveProcess& live,
                                                const std::vector<TracedThread>& threads, SharedCopy shared);

} // namespace firstchance
