#include "linux/priority.h"

namespace firstchance {
namespace {

constexpr int kBoost = 10;

} // namespace

ScopedPriorityBoost::ScopedPriorityBoost(pid_t tid) : tid_(tid) {
    if (::sched_getscheduler(tid) != SCHED_OTHER) {
        return;
    }
    const sched_param parameters{kBoost};
    // RESET_ON_FORK: the copy must not inherit it.
    boosted_ = ::sched_setscheduler(tid, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameters) == 0;
}

void ScopedPriorityBoost::restore() {
    if (boosted_) {
        const sched_param parameters{0};
        ::sched_setscheduler(tid_, SCHED_OTHER, &parameters);
        boosted_ = false;
    }
}

} // namespace firstchance
