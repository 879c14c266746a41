#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <cstdio>

#include "agent_session.h"
#include "attach_profiler.h"

namespace firstchance {
namespace {

using test::AgentSession;
using testing::SizeIs;

//! What the program says of itself.
struct Status {
    int files = 0;
    int finalized = 0;
    int collections = 0;
    long bytes = 0;
};

//! The program "garbage" with the agent in it.
class Collecting : public testing::Test {
protected:
    void start() {
        target = session.start({"garbage"});
        ASSERT_TRUE(
            target->runUntil([&] { return target->output() == "ready\n" && !session.connected.empty(); },
                             [&] { session.serve(); }))
            << session.log();
    }
    Status tell(const std::string& line) {
        const std::size_t before = target->output().size();
        target->writeLine(line);
        const auto answered = [&] {
            return target->output().size() > before && target->output().back() == '\n';
        };
        EXPECT_TRUE(target->runUntil(answered, [&] { session.serve(); })) << session.log();
        Status status;
        const std::string answer = target->output().substr(before);
        EXPECT_EQ(std::sscanf(answer.c_str(), "files %d finalized %d collections %d bytes %ld", &status.files,
                              &status.finalized, &status.collections, &status.bytes),
                  4)
            << answer;
        return status;
    }
    AgentCollected collect(std::uint32_t timeoutMs = 10'000) {
        EXPECT_TRUE(session.host->collect(target->pid(), ++sequence, timeoutMs));
        const std::size_t before = session.collected.size();
        EXPECT_TRUE(
            target->runUntil([&] { return session.collected.size() > before; }, [&] { session.serve(); }))
            << session.log();
        if (session.collected.size() != before + 1) {
            ADD_FAILURE() << session.log();
            return {};
        }
        EXPECT_EQ(session.collected.back().sequence, sequence);
        EXPECT_EQ(session.collected.back().pid, target->pid());
        EXPECT_EQ(session.collected.back().result, 0) << session.log();
        return session.collected.back();
    }
    //! Its own way out with its own code: not harmed, not held up.
    void expectOrderlyEnd() {
        target->writeLine("main 7");
        EXPECT_TRUE(target->runToEnd([&] { session.serve(); }));
        EXPECT_EQ(target->errors(), "");
        EXPECT_TRUE(WIFEXITED(target->status()) && WEXITSTATUS(target->status()) == 7) << target->status();
    }

    AgentSession session{AgentFilter()};
    std::unique_ptr<test::TargetProcess> target;
    std::uint64_t sequence = 0;
};

TEST_F(Collecting, RunsTheFinalizersThatHoldFiles) {
    start();
    collect(); // what the runtime itself has left over from its start
    const Status before = tell("status");
    EXPECT_GE(tell("files 100").files, before.files + 50);
    const AgentCollected outcome = collect();
    const Status after = tell("status");
    EXPECT_EQ(outcome.finalizers, "drained");
    EXPECT_GE(outcome.collections, 2U);
    EXPECT_EQ(after.collections, before.collections + static_cast<int>(outcome.collections));
    EXPECT_EQ(after.files, before.files);
    expectOrderlyEnd();
}

TEST_F(Collecting, CollectsAgainWhatFinalizersMake) {
    start();
    EXPECT_EQ(tell("chain 1").finalized, 0);
    EXPECT_EQ(collect().finalizers, "drained");
    EXPECT_EQ(tell("status").finalized, 2);
    expectOrderlyEnd();
}

TEST_F(Collecting, SaysWhenFinalizersDoNotEnd) {
    start();
    tell("block");
    tell("chain 0");
    EXPECT_EQ(collect(200).finalizers, "timeout");
    // Nothing new is due now, but the old one waits still.
    tell("chain 0");
    EXPECT_EQ(collect(200).finalizers, "timeout");
    tell("unblock");
    EXPECT_EQ(collect().finalizers, "drained");
    EXPECT_EQ(tell("status").finalized, 2);
    expectOrderlyEnd();
}

TEST_F(Collecting, TwoHundredTimesDoNotGrowTheTarget) {
    start();
    for (int i = 0; i < 5; ++i) {
        collect();
    }
    const Status before = tell("status");
    for (int i = 0; i < 200; ++i) {
        collect();
    }
    const Status after = tell("status");
    EXPECT_EQ(after.files, before.files);
    // The answer's own strings and what Directory keeps, not something per collection.
    EXPECT_LT(after.bytes, before.bytes + 16'384);
    expectOrderlyEnd();
}

TEST_F(Collecting, OfATargetThatDiesAnswersNothing) {
    start();
    tell("block");
    tell("chain 0");
    ASSERT_TRUE(session.host->collect(target->pid(), 1, 60'000));
    ::kill(target->pid(), SIGKILL);
    EXPECT_TRUE(target->runToEnd([&] { session.serve(); }));
    session.drain();
    EXPECT_THAT(session.disconnected, SizeIs(1));
    EXPECT_THAT(session.collected, SizeIs(0));
    EXPECT_FALSE(session.host->collect(target->pid(), 2, 1000));
}

TEST_F(Collecting, WorksInAnAttachedAgent) {
    target = std::make_unique<test::TargetProcess>(test::throwerCommand({"garbage"}),
                                                   std::map<std::string, std::string>());
    const auto serve = [&] { session.serve(); };
    ASSERT_TRUE(target->runUntil([&] { return target->output() == "ready\n"; }, serve));
    test::AttachRequest attach(target->temporaryFolder(), FIRSTCHANCE_AGENT_LIBRARY,
                               session.host->attachPayload());
    ASSERT_TRUE(target->runUntil([&] { return attach.poll() && !session.connected.empty(); }, serve));
    const Status before = tell("status");
    tell("files 20");
    EXPECT_EQ(collect().finalizers, "drained");
    EXPECT_LE(tell("status").files, before.files);
    expectOrderlyEnd();
}

} // namespace
} // namespace firstchance
