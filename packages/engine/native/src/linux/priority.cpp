#include "linux/priority.h"

#include <sys/syscall.h>
#include <unistd.h>

namespace firstchance {
namespace {

constexpr int kBoost = 10;

int getAttributes(pid_t tid, SchedulingAttributes& attributes) {
    return static_cast<int>(::syscall(SYS_sched_getattr, tid, &attributes, sizeof attributes, 0U));
}

int setAttributes(pid_t tid, SchedulingAttributes& attributes) {
    return static_cast<int>(::syscall(SYS_sched_setattr, tid, &attributes, 0U));
}

} // namespace

ScopedPriorityBoost::ScopedPriorityBoost(pid_t tid) : tid_(tid) {
    if (getAttributes(tid, before_) != 0 || before_.policy != SCHED_OTHER) {
        return;
    }
    const sched_param parameters{kBoost};
    // RESET_ON_FORK: the copy must not inherit it.
    boosted_ = ::sched_setscheduler(tid, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameters) == 0;
}

void ScopedPriorityBoost::restore() {
    if (boosted_) {
        // With the attributes the nice value and flags come back as they were, which sched_setscheduler would
        // not promise.
        setAttributes(tid_, before_);
        boosted_ = false;
    }
}

} // namespace firstchance
