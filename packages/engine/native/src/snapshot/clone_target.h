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

//! \brief The new process, stopped before its first instruction, and how to reach its parent again.
struct CloneOfTarget {
    pid_t child = 0;
    pid_t childInTarget = 0;
    pid_t injectedThread = 0;
    bool childStopped = false; //!< it stands and dies with us
    Address instruction;
};

//! \brief Makes one of the stopped threads clone the process and lets all threads go, running ones first. They are let go
//! on failure too.
Result<CloneOfTarget> cloneTarget(const ProcessImage& target, StoppedThreads& stopped, CloneTimes& times);

//! \brief After the pause: makes the copy die with us and be the first to go when memory is short, and opens it. On
//! failure it is removed.
Result<std::unique_ptr<FrozenImage>> adoptClone(const CloneOfTarget& clone, const LiveProcess& live,
                                                const std::vector<TracedThread>& threads, SharedCopy shared);

} // namespace firstchance
