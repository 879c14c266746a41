#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include "linux/priority.h"

namespace firstchance {
namespace {

bool mayBoost() {
    const ScopedPriorityBoost boost(0);
    return ::sched_getscheduler(0) != SCHED_OTHER;
}

TEST(Priority, ComesBackExactly) {
    if (!mayBoost()) {
        GTEST_SKIP() << "needs CAP_SYS_NICE";
    }
    const int before = ::getpriority(PRIO_PROCESS, 0);
    ASSERT_EQ(::setpriority(PRIO_PROCESS, 0, 5), 0);
    {
        const ScopedPriorityBoost boost(0);
        EXPECT_EQ(::sched_getscheduler(0), SCHED_FIFO | SCHED_RESET_ON_FORK);
    }
    EXPECT_EQ(::sched_getscheduler(0), SCHED_OTHER);
    EXPECT_EQ(::getpriority(PRIO_PROCESS, 0), 5);
    ::setpriority(PRIO_PROCESS, 0, before);
}

TEST(Priority, AnOwnPolicyIsLeftAlone) {
    const sched_param none{};
    ASSERT_EQ(::sched_setscheduler(0, SCHED_BATCH, &none), 0);
    {
        const ScopedPriorityBoost boost(0);
        EXPECT_EQ(::sched_getscheduler(0), SCHED_BATCH);
    }
    EXPECT_EQ(::sched_getscheduler(0), SCHED_BATCH);
    ::sched_setscheduler(0, SCHED_OTHER, &none);
}

TEST(Priority, AThreadThatIsGoneIsNoError) {
    const ScopedPriorityBoost boost(1 << 30);
}

} // namespace
} // namespace firstchance
