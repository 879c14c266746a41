#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>

#include "agent_session.h"

namespace firstchance {
namespace {

using test::AgentSession;
using testing::IsEmpty;
using testing::SizeIs;

//! A way to die, and what the agent must say of it.
struct Death {
    const char* kind;
    const char* detail;
    const char* type; //!< of the exception that nobody caught
    int signal;
};

std::ostream& operator<<(std::ostream& out, const Death& death) {
    return out << death.kind;
}

class AgentDeath : public testing::TestWithParam<Death> {};

// A stack overflow's trace holds no addresses, but repeats a frame as often as the stack had room for.
std::string withoutCounts(std::string text) {
    std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
    return text;
}

TEST_P(AgentDeath, IsAskedAboutAndGoesOnAsWithoutTheAgent) {
    const Death& death = GetParam();
    AgentFilter filter;
    filter.unhandled = true;
    AgentSession session(filter);
    bool aliveWhenAsked = false;
    session.onAsk = [&](const AgentAsk& ask) { aliveWhenAsked = ::kill(ask.pid, 0) == 0; };
    const auto with = session.run({death.kind});
    const auto without = test::runWithoutAgent({death.kind});

    EXPECT_EQ(with->status(), without->status());
    EXPECT_TRUE(WIFSIGNALED(with->status()) && WTERMSIG(with->status()) == death.signal) << with->status();
    EXPECT_EQ(with->output(), without->output());
    EXPECT_EQ(withoutCounts(with->errors()), withoutCounts(without->errors()));

    ASSERT_THAT(session.asks, SizeIs(1)) << session.log();
    EXPECT_TRUE(aliveWhenAsked);
    EXPECT_EQ(session.asks[0].trigger, "unhandled");
    EXPECT_EQ(session.asks[0].detail, death.detail);
    EXPECT_EQ(session.asks[0].type, death.type);
    EXPECT_NE(session.asks[0].tid, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, AgentDeath,
    testing::Values(Death{"unhandled", "unhandled exception", "Lab.OwnException", SIGABRT},
                    Death{"unhandled-thread", "unhandled exception", "Lab.OwnException", SIGABRT},
                    Death{"failfast", "abort", "", SIGABRT}, Death{"failfast-with", "abort", "", SIGABRT},
                    Death{"overflow", "stack overflow", "", SIGABRT},
                    Death{"overflow-thread", "stack overflow", "", SIGABRT},
                    Death{"segv-native", "SIGSEGV", "", SIGSEGV},
                    Death{"segv-managed", "unhandled exception", "System.AccessViolationException", SIGABRT},
                    Death{"abort-native", "SIGABRT", "", SIGABRT}),
    [](const testing::TestParamInfo<Death>& tested) {
        std::string name = tested.param.kind;
        std::replace(name.begin(), name.end(), '-', '_');
        return name;
    });

// A SIGSEGV that somebody sent, with no fault behind it: the runtime restores the default action and the
// program goes on (its own doing). The agent cannot know that and asks.
TEST(AgentEndings, ASentSigsegvDoesNotKill) {
    AgentFilter filter;
    filter.unhandled = true;
    AgentSession session(filter);
    const auto target = session.run({"segv-raise"});
    EXPECT_EQ(target->status(), test::runWithoutAgent({"segv-raise"})->status());
    EXPECT_EQ(target->status(), 0);
    EXPECT_THAT(session.asks, SizeIs(1));
}

TEST(AgentEndings, AHostThatNeverAnswersDelaysDeathOnce) {
    AgentFilter filter;
    filter.unhandled = true;
    filter.timeoutMs = 200;
    AgentSession session(filter, AgentSession::Answers::Never);
    const auto target = session.run({"unhandled"});
    EXPECT_THAT(session.asks, SizeIs(1));
    EXPECT_TRUE(WIFSIGNALED(target->status()) && WTERMSIG(target->status()) == SIGABRT);
}

TEST(AgentEndings, ExitIsAskedAbout) {
    AgentFilter filter;
    filter.exit = true;
    filter.unhandled = true; // an orderly end must not be taken for a crash
    for (const auto& [kind, code] : {std::pair{"exit", 7}, {"main-returns", 5}, {"hello", 0}}) {
        AgentSession session(filter);
        const auto target = session.run({kind});
        EXPECT_EQ(WEXITSTATUS(target->status()), code);
        ASSERT_THAT(session.asks, SizeIs(1)) << kind << session.log();
        EXPECT_EQ(session.asks[0].trigger, "exit");
    }
}

TEST(AgentEndings, NothingArmedNothingAsked) {
    AgentSession session({});
    const auto target = session.run({"unhandled"});
    EXPECT_THAT(session.asks, IsEmpty());
    EXPECT_THAT(session.connected, SizeIs(1));
    EXPECT_TRUE(WIFSIGNALED(target->status()));
}

} // namespace
} // namespace firstchance
