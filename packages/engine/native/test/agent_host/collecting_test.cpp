#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <cstdio>

#include "agent_conversation.h"
#include "attach_profiler.h"

namespace firstchance {
namespace {

using testing::SizeIs;

//! What the program says of itself.
struct Status {
    int files = 0;
    int finalized = 0;
    int collections = 0;
    long bytes = 0;
};

//! The program "garbage" with the agent in it.
class Collecting : public test::AgentConversation {
protected:
    void start() { begin(session.start({"garbage"})); }
    Status ask(const std::string& line) {
        const std::string text = tell(line);
        Status status;
        EXPECT_EQ(std::sscanf(text.c_str(), "files %d finalized %d collections %d bytes %ld", &status.files,
                              &status.finalized, &status.collections, &status.bytes),
                  4)
            << text;
        return status;
    }
    AgentCollected collect(std::uint32_t timeoutMs = 10'000) {
        EXPECT_TRUE(session.host->collect(target->pid(), ++sequence, timeoutMs));
        const AgentCollected outcome = answer(session.collected);
        EXPECT_EQ(outcome.result, 0) << session.log();
        return outcome;
    }
};

TEST_F(Collecting, RunsTheFinalizersThatHoldFiles) {
    start();
    collect(); // what the runtime itself has left over from its start
    const Status before = ask("status");
    EXPECT_GE(ask("files 100").files, before.files + 50);
    const AgentCollected outcome = collect();
    const Status after = ask("status");
    EXPECT_EQ(outcome.finalizers, "drained");
    EXPECT_GE(outcome.collections, 2U);
    EXPECT_EQ(after.collections, before.collections + static_cast<int>(outcome.collections));
    EXPECT_EQ(after.files, before.files);
    expectOrderlyEnd();
}

TEST_F(Collecting, CollectsAgainWhatFinalizersMake) {
    start();
    EXPECT_EQ(ask("chain 1").finalized, 0);
    EXPECT_EQ(collect().finalizers, "drained");
    EXPECT_EQ(ask("status").finalized, 2);
    expectOrderlyEnd();
}

TEST_F(Collecting, SaysWhenFinalizersDoNotEnd) {
    start();
    ask("block");
    ask("chain 0");
    EXPECT_EQ(collect(200).finalizers, "timeout");
    // Nothing new is due now, but the old one waits still.
    ask("chain 0");
    EXPECT_EQ(collect(200).finalizers, "timeout");
    ask("unblock");
    EXPECT_EQ(collect().finalizers, "drained");
    EXPECT_EQ(ask("status").finalized, 2);
    expectOrderlyEnd();
}

TEST_F(Collecting, TwoHundredTimesDoNotGrowTheTarget) {
    start();
    for (int i = 0; i < 5; ++i) {
        collect();
    }
    const Status before = ask("status");
    for (int i = 0; i < 200; ++i) {
        collect();
    }
    const Status after = ask("status");
    EXPECT_EQ(after.files, before.files);
    // The answer's own strings and what Directory keeps, not something per collection.
    EXPECT_LT(after.bytes, before.bytes + 16'384);
    expectOrderlyEnd();
}

TEST_F(Collecting, OfATargetThatDiesAnswersNothing) {
    start();
    ask("block");
    ask("chain 0");
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
    const Status before = ask("status");
    ask("files 20");
    EXPECT_EQ(collect().finalizers, "drained");
    EXPECT_LE(ask("status").files, before.files);
    expectOrderlyEnd();
}

} // namespace
} // namespace firstchance
