// What happens in and around the pause: the poll of the collector, the time limit, deaths of ours.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "base/unique_fd.h"
#include "forked.h"
#include "linux/live_process.h"
#include "linux/process_status.h"
#include "snapshot/snapshot.h"
#include "target.h"

namespace firstchance::test {
namespace {

TEST(SnapshotPause, TellsItsParts) {
    Target target({"waits"});
    SnapshotTimings told;
    int calls = 0;
    SnapshotOptions options;
    options.onResumed = [&](const SnapshotTimings& timings) {
        told = timings;
        ++calls;
    };
    auto frozen = takeSnapshot(target.pid(), options);
    ASSERT_TRUE(frozen) << describe(frozen.error());
    const SnapshotTimings& timings = (*frozen)->timings();
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(told.pauseMs, timings.pauseMs);
    EXPECT_GT(timings.cloneMs, 0);
    EXPECT_GT(timings.pauseMs, timings.cloneMs);
    EXPECT_EQ(timings.windowMs, 0); // a C library is there, and with it a way home
    EXPECT_GT(timings.pauseMs, timings.runningPauseMs);
    EXPECT_GT(timings.sharedBytes, 0U);
    EXPECT_EQ(timings.lostSharedBytes, 0U);
    ASSERT_TRUE((*frozen)->release());
    EXPECT_EQ(timings.reapWindowMs, 0);
    RecordProperty("pauseMs", std::to_string(timings.pauseMs));
}

TEST(SnapshotPause, WithoutACounterTheStateOfTheCollectorIsUnknown) {
    Target target;
    const auto frozen = takeSnapshot(target.pid(), {});
    ASSERT_TRUE(frozen);
    EXPECT_EQ((*frozen)->gcState(), GcState::Unknown);
}

TEST(SnapshotPause, IdleCollectorTakesOneStop) {
    Target target;
    SnapshotOptions options;
    options.gcCounter = target.address("untouched"); // zero
    const auto frozen = takeSnapshot(target.pid(), options);
    ASSERT_TRUE(frozen);
    EXPECT_EQ((*frozen)->gcState(), GcState::Idle);
    EXPECT_EQ((*frozen)->timings().gcRetries, 0);
}

TEST(SnapshotPause, ACollectionThatGoesOnIsWaitedForThenSaid) {
    Target target({"waits"});
    SnapshotOptions options;
    options.gcCounter = target.address("code") + 4096; // 0x5a5a5a5a
    options.gcRetries = 3;
    const auto frozen = takeSnapshot(target.pid(), options);
    ASSERT_TRUE(frozen);
    EXPECT_EQ((*frozen)->gcState(), GcState::InProgress);
    EXPECT_EQ((*frozen)->timings().gcRetries, 3);
    EXPECT_GT((*frozen)->timings().retryPauseMs, 0);
    expectUnharmed(target);
}

TEST(SnapshotPause, SharedMemoryOverTheLimitIsReadLaterAndCounted) {
    Target target;
    SnapshotOptions options;
    options.sharedCopyLimit = 4096;
    const auto frozen = takeSnapshot(target.pid(), options);
    ASSERT_TRUE(frozen);
    EXPECT_GT((*frozen)->timings().lostSharedBytes, 0U);
    EXPECT_EQ((*frozen)->readValue<std::uint32_t>(target.address("code") + 4096), 0x5a5a5a5aU);
}

TEST(SnapshotPause, AStoppedTargetIsLetGoAtItsTimeLimit) {
    Target target({"waits"});
    SnapshotOptions options;
    options.method = CaptureMethod::Stop;
    options.pauseLimit = std::chrono::milliseconds(100);
    auto frozen = takeSnapshot(target.pid(), options);
    ASSERT_TRUE(frozen) << describe(frozen.error());
    EXPECT_TRUE((*frozen)->mustReleaseBy());
    expectUnharmed(target); // waits for an answer of the target: nobody has released it
    // Memory that moves again does not pass for frozen.
    EXPECT_FALSE((*frozen)->readValue<std::uint64_t>(target.address("private")));
    const auto released = (*frozen)->release();
    ASSERT_FALSE(released);
    EXPECT_EQ(released.error().code, ErrorCode::DeadlineExceeded);
    EXPECT_GE((*frozen)->timings().pauseMs, 100);
}

TEST(SnapshotPause, KilledWhileHoldingAnImageTheTargetIsUnharmed) {
    for (const CaptureMethod method : {CaptureMethod::Clone, CaptureMethod::Copy, CaptureMethod::Stop}) {
        Target target({"waits"});
        Forked engine([&](Forked::Channel& channel) {
            SnapshotOptions options;
            options.method = method;
            const auto frozen = takeSnapshot(target.pid(), options);
            channel.say(frozen.has_value());
            channel.waitForWord();
            return 0;
        });
        ASSERT_TRUE(engine.channel().waitForWord());
        ::kill(engine.pid(), SIGKILL);
        EXPECT_EQ(engine.wait(), 128 + SIGKILL);
        const auto report = target.ask("report");
        EXPECT_EQ(number(report, "wrongResults"), 0) << captureMethodName(method);
        EXPECT_EQ(number(report, "spuriousInterrupts"), 0);
        EXPECT_EQ(number(report, "childSignals"), 0);
        // The next snapshot works, and the target ends as it should.
        auto next = takeSnapshot(target.pid(), {});
        EXPECT_TRUE(next) << describe(next.error());
        EXPECT_TRUE((*next)->release());
        EXPECT_TRUE(target.finish());
    }
}

TEST(SnapshotPause, APoliteKillWaitsForTheTargetToRun) {
    Target target({"waits"});
    Forked engine([&](Forked::Channel&) {
        SnapshotOptions options;
        options.onResumed = [](const SnapshotTimings&) { ::kill(::getpid(), SIGTERM); };
        const auto frozen = takeSnapshot(target.pid(), options);
        return 0; // SIGTERM came first
    });
    EXPECT_EQ(engine.wait(), 128 + SIGTERM);
    const auto report = target.ask("report");
    EXPECT_EQ(number(report, "wrongResults"), 0);
    EXPECT_TRUE(target.finish());
}

TEST(SnapshotPause, PeersSeeTheTargetEndWhileItsCopyIsStillRead) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const UniqueFd ours(ends[0]);
    UniqueFd theirs(ends[1]);
    Target target({{}, [&] { static_cast<void>(::dup(theirs.get())); }, false});
    theirs.reset();
    SnapshotOptions options;
    options.method = CaptureMethod::Clone;
    const auto frozen = takeSnapshot(target.pid(), options);
    ASSERT_TRUE(frozen) << describe(frozen.error());
    ASSERT_EQ((*frozen)->method(), CaptureMethod::Clone);
    pollfd peer{ours.get(), POLLIN, 0};
    EXPECT_EQ(::poll(&peer, 1, 0), 0) << "the target has it open";
    ::kill(target.pid(), SIGKILL);
    EXPECT_EQ(::poll(&peer, 1, 10'000), 1) << "the copy keeps it open";
    const auto released = (*frozen)->release();
    EXPECT_TRUE(released) << describe(released.error());
}

TEST(SnapshotPause, LeavesNoDescriptorsMemoryOrThreadsBehind) {
    Target target;
    const auto descriptors = [] {
        const std::filesystem::directory_iterator all("/proc/self/fd");
        return std::distance(begin(all), end(all));
    };
    const auto take = [&] {
        auto frozen = takeSnapshot(target.pid(), {});
        ASSERT_TRUE(frozen);
        ASSERT_TRUE((*frozen)->release());
    };
    take();
    const auto before = descriptors();
    const auto status = readProcessStatus(::getpid());
    for (int i = 0; i < 30; ++i) {
        take();
    }
    EXPECT_EQ(descriptors(), before);
    EXPECT_EQ(readProcessStatus(::getpid())->threads, status->threads);
    expectUnharmed(target);
}

} // namespace
} // namespace firstchance::test
