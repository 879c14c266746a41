#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "agent_session.h"

namespace firstchance {
namespace {

using test::AgentSession;
using testing::SizeIs;
using testing::UnorderedElementsAre;

AgentFilter programExceptions() {
    AgentFilter filter;
    filter.firstChance = true;
    filter.tests = true;
    filter.include = {"division by zero"};
    filter.perPlace = filter.perType = filter.perSession = 0;
    return filter;
}

std::set<std::string> asksWithTests(const AgentSession& session) {
    std::set<std::string> result;
    for (const auto& ask : session.asks) {
        result.insert(ask.testName + " " + std::to_string(ask.candidates));
    }
    return result;
}

std::vector<std::string> ends(const AgentSession& session) {
    std::vector<std::string> result;
    for (const auto& event : session.tests) {
        if (event.state != "started") {
            result.push_back(event.state + " " + event.name);
        }
    }
    return result;
}

std::unique_ptr<test::TargetProcess> run(AgentSession& session, const std::vector<std::string>& command) {
    auto target = std::make_unique<test::TargetProcess>(command, session.environment());
    EXPECT_TRUE(target->runToEnd([&] { session.serve(); }));
    session.drain();
    return target;
}

// The tests of one class run one after the other, so every exception belongs to one of them for certain.
TEST(AgentXunit, Version3NamesTheTestAndItsResult) {
    AgentSession session(programExceptions());
    const auto target = run(session, {FIRSTCHANCE_XUNIT3});
    EXPECT_THAT(asksWithTests(session),
                UnorderedElementsAre("Suite.CalculatorTests.Throws 1", "Suite.CalculatorTests.Expects 1",
                                     "Suite.CalculatorTests.Awaits 1"))
        << target->output() << session.log();
    EXPECT_THAT(session.asks, SizeIs(3));
    EXPECT_THAT(ends(session),
                testing::IsSupersetOf(
                    {"passed Suite.CalculatorTests.Passes", "failed Suite.CalculatorTests.Throws",
                     "passed Suite.CalculatorTests.Expects", "failed Suite.CalculatorTests.Awaits"}));
}

// `dotnet test`, vstest.console and what else MSBuild starts inherit the agent and decline it; the test host
// takes it.
TEST(AgentXunit, Version2UnderDotnetTest) {
    AgentSession session(programExceptions());
    const auto target = run(session, {"dotnet", "test", FIRSTCHANCE_XUNIT2});
    EXPECT_THAT(session.connected, SizeIs(1)) << session.log();
    EXPECT_NE(session.log().find("declined: "), std::string::npos);
    EXPECT_THAT(asksWithTests(session),
                UnorderedElementsAre("Suite.CalculatorTests.Throws 1", "Suite.CalculatorTests.Expects 1",
                                     "Suite.CalculatorTests.Awaits 1"))
        << target->output();
    EXPECT_THAT(ends(session), testing::IsSupersetOf({"ended Suite.CalculatorTests.Passes",
                                                      "ended Suite.CalculatorTests.Throws"}));
}

} // namespace
} // namespace firstchance
