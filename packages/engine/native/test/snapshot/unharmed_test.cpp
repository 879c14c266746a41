// The target goes on as if nothing had happened.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "linux/process_status.h"
#include "snapshot/snapshot.h"
#include "target.h"

namespace firstchance::test {
namespace {

class SnapshotUnharmed : public testing::TestWithParam<CaptureMethod> {
protected:
    static Result<std::unique_ptr<FrozenProcess>> freeze(const Target& target) {
        SnapshotOptions options;
        options.method = GetParam();
        return takeSnapshot(target.pid(), options);
    }
};

INSTANTIATE_TEST_SUITE_P(Methods, SnapshotUnharmed,
                         testing::Values(CaptureMethod::Clone, CaptureMethod::Copy, CaptureMethod::Stop),
                         [](const auto& method) { return std::string(captureMethodName(method.param)); });

TEST_P(SnapshotUnharmed, EveryBlockedCallGoesOnAndEndsAsItShould) {
    Target target({"waits"});
    while (number(target.ask("report"), "waits") < 20) { // every thread has begun
        ::usleep(1000);
    }
    const std::string before = describeThreads(target.pid());
    for (int i = 0; i < 20; ++i) {
        auto frozen = freeze(target);
        ASSERT_TRUE(frozen) << describe(frozen.error());
        const auto released = (*frozen)->release();
        ASSERT_TRUE(released) << describe(released.error());
    }
    // Every timed call ran through at least once more.
    const long waits = number(target.ask("report"), "waits");
    while (number(target.ask("report"), "waits") < waits + 40) {
        ::usleep(1000);
    }
    expectUnharmed(target);
    EXPECT_EQ(describeThreads(target.pid()), before); // policy, signal mask, no tracer
    EXPECT_TRUE(target.finish());
}

TEST_P(SnapshotUnharmed, NoSignalIsLost) {
    Target target({"waits"});
    sigval value{};
    value.sival_int = 42;
    long sent = 0;
    for (int i = 0; i < 20; ++i) {
        const pid_t sender = ::fork();
        if (sender == 0) {
            int count = 0;
            for (; count < 100; ++count) {
                while (::sigqueue(target.pid(), SIGRTMIN + 2, value) != 0) {
                }
                ::usleep(20);
            }
            ::_exit(count);
        }
        auto frozen = freeze(target);
        EXPECT_TRUE(frozen) << describe(frozen.error());
        if (frozen) {
            EXPECT_TRUE((*frozen)->release());
        }
        int status = 0;
        ASSERT_EQ(::waitpid(sender, &status, 0), sender);
        sent += WEXITSTATUS(status);
    }
    while (number(target.ask("report"), "queuedSignals") <
           sent) { // hangs until the time limit of the test if one is lost
        ::usleep(1000);
    }
    EXPECT_EQ(number(target.ask("report"), "queuedSignals"), sent);
    EXPECT_EQ(sent, 2000);
    EXPECT_TRUE(target.finish());
}

} // namespace
} // namespace firstchance::test
