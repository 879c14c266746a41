#pragma once

#include <sched.h>
#include <sys/types.h>

namespace firstchance {

//! \brief Runs a thread at real-time priority for the life of this object, where we may (CAP_SYS_NICE).
//!
//! An injected clone copies page tables at the priority of the thread it runs in: on a busy machine that is the
//! difference between 5 and 150 ms of pause. Threads that have a policy of their own are left alone.
class ScopedPriorityBoost {
public:
    //! \param tid a thread id; 0 for the calling thread
    explicit ScopedPriorityBoost(pid_t tid);
    ScopedPriorityBoost(const ScopedPriorityBoost&) = delete;
    ScopedPriorityBoost& operator=(const ScopedPriorityBoost&) = delete;
    ~ScopedPriorityBoost() { restore(); }

    void restore();

private:
    pid_t tid_;
    bool boosted_ = false;
};

} // namespace firstchance
