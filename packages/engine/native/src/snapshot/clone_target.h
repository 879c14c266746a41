#pragma once

#include "snapshot/cloned_process.h"

namespace firstchance {

//! \brief Nanoseconds and points in time (CLOCK_MONOTONIC, ns) of one injected clone.
struct CloneTimes {
    std::int64_t clone = 0;
    std::int64_t window = 0;
    std::int64_t detach = 0;
    std::int64_t runningEnd = 0;
    std::int64_t end = 0;
};

//! \brief Before anything stops: whether a clone can be taken at all. CloneRefused says why not.
//! \return options that the injected calls need
Result<std::uint64_t> examineForClone(const ProcessImage& target);

//! \brief Makes one of the stopped threads clone the process and lets all threads go, running ones first.
//! They are let go on failure too.
Result<CloneOfTarget> cloneTarget(const ProcessImage& target, StoppedThreads& stopped, std::uint64_t options,
                                  CloneTimes& times);

//! \brief After the pause: makes the copy the first to go when memory is short, and opens it. On failure it
//! is removed.
Result<std::unique_ptr<FrozenImage>> adoptClone(const CloneOfTarget& clone, const LiveProcess& live,
                                                const std::vector<TracedThread>& threads, SharedCopy shared);

} // namespace firstchance
