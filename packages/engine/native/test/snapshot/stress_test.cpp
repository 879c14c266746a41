// Hundreds of snapshots of a target whose threads come and go, hand each other work and handle a storm of
// signals.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "snapshot/snapshot.h"
#include "target.h"

namespace firstchance::test {
namespace {

void stress(int snapshots) {
    Target target(std::vector<std::string>{"waits", "churn"});
    std::vector<double> pauses;
    for (int i = 0; i < snapshots; ++i) {
        auto frozen = takeSnapshot(target.pid(), {});
        ASSERT_TRUE(frozen) << "snapshot " << i << ": " << describe(frozen.error());
        const auto released = (*frozen)->release();
        ASSERT_TRUE(released) << "snapshot " << i << ": " << describe(released.error());
        pauses.push_back((*frozen)->timings().pauseMs);
        ASSERT_EQ((*frozen)->timings().windowMs, 0);
    }
    // Everything still moves: each of these hangs, until the time limit of the test, when a thread was put
    // back wrongly.
    const auto then = target.ask("report");
    for (const char* counter : {"threadsMade", "pingPongs", "handOffs", "sentToSelf", "waits"}) {
        while (number(target.ask("report"), counter) <= number(then, counter) + 10) {
            ::usleep(1000);
        }
    }
    const long sent = number(target.ask("report"), "sentToSelf");
    while (number(target.ask("report"), "queuedSignals") < sent) {
        ::usleep(1000);
    }
    expectUnharmed(target);
    EXPECT_TRUE(target.finish());
    std::sort(pauses.begin(), pauses.end());
    std::printf("%d snapshots: pause %.1f / %.1f / %.1f ms (min, median, max)\n", snapshots, pauses.front(),
                pauses[pauses.size() / 2], pauses.back());
}

TEST(SnapshotStress, Short) {
    stress(30);
}

// Label `stress`: ctest -L stress runs it, a plain run of the program does too when asked for by name.
TEST(SnapshotStress, DISABLED_Long) {
    stress(400);
}

} // namespace
} // namespace firstchance::test
