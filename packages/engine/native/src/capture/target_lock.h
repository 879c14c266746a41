#pragma once

#include <sys/types.h>

#include <chrono>

#include "base/unique_fd.h"

namespace firstchance {

//! \brief One of ours at a time traces a process: while a snapshot is taken, and again while its copy is
//! reaped.
//!
//! A process can have one tracer. Captures of one process overlap on purpose (the next exception comes while
//! the last dump is being written), so they take turns for the few milliseconds in which they trace. The lock
//! is an flock(2) on the directory /proc/PID, so it holds across sessions too, and ends with its holder.
class TargetLock {
public:
    //! \brief Waits at most \p limit for its turn; then goes on without: the kernel says no to a second
    //! tracer anyway.
    explicit TargetLock(pid_t pid, std::chrono::milliseconds limit = std::chrono::seconds(5));

private:
    UniqueFd folder_;
};

} // namespace firstchance
