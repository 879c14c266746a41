#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>

#include "agent_session.h"
#include "attach_profiler.h"

namespace firstchance {
namespace {

using test::AgentSession;
using testing::SizeIs;

//! The program "allocating" with the agent in it.
class Sampling : public testing::Test {
protected:
    void start() {
        target = session.start({"allocating"});
        ASSERT_TRUE(
            target->runUntil([&] { return target->output() == "ready\n" && !session.connected.empty(); },
                             [&] { session.serve(); }))
            << session.log();
    }
    void tell(const std::string& line) {
        const std::size_t before = target->output().size();
        target->writeLine(line);
        const auto answered = [&] {
            return target->output().size() > before && target->output().back() == '\n';
        };
        ASSERT_TRUE(target->runUntil(answered, [&] { session.serve(); })) << session.log();
    }
    AgentSampled sample(SampleAction action) {
        EXPECT_TRUE(session.host->sample(target->pid(), action, ++sequence, 10'000));
        const std::size_t before = session.sampled.size();
        EXPECT_TRUE(
            target->runUntil([&] { return session.sampled.size() > before; }, [&] { session.serve(); }))
            << session.log();
        if (session.sampled.size() != before + 1) {
            ADD_FAILURE() << session.log();
            return {};
        }
        EXPECT_EQ(session.sampled.back().sequence, sequence);
        EXPECT_EQ(session.sampled.back().pid, target->pid());
        return session.sampled.back();
    }
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

TEST_F(Sampling, TellsTheOneSiteOfThreeWhoseObjectsLive) {
    start();
    tell("work 50000");
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    tell("work 200000");
    const AgentSampled report = sample(SampleAction::Report);
    for (const AllocationSite& site : report.sites) {
        std::printf("%s %u %lu\n", site.type.c_str(), site.samples, static_cast<unsigned long>(site.bytes));
        for (const auto& frame : site.frames) {
            std::printf("    %s %x %d %s\n", frame.method.c_str(), frame.token, frame.ilOffset ? static_cast<int>(*frame.ilOffset) : -1, frame.modulePath.c_str());
        }
    }
    std::printf("%u samples %u survive\n%s", report.samples, report.survivors, session.log().c_str());
    expectOrderlyEnd();
}

} // namespace
} // namespace firstchance
