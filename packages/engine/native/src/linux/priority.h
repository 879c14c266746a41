#pragma once

#include <sched.h>
#include <sys/types.h>

#include <cstdint>

namespace firstchance {

//! \brief struct sched_attr of sched_setattr(2), first version; glibc has none before 2.41.
struct SchedulingAttributes {
    std::uint32_t size = 0;
    std::uint32_t policy = 0;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0;
    std::uint64_t deadline = 0;
    std::uint64_t period = 0;
};

//! \brief Runs a thread at real-time priority for the life of this object, where we may (CAP_SYS_NICE).
//!
//! An injected clone copies page tables at the priority of the thread it runs in: on a busy machine that is
//! the difference between 5 and 150 ms of pause. Threads that have a policy of their own are left alone.
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
    SchedulingAttributes before_;
    bool boosted_ = false;
};

} // namespace firstchance
