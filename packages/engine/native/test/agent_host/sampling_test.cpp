#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <map>

#include "agent_conversation.h"
#include "attach_profiler.h"

namespace firstchance {
namespace {

using testing::ElementsAre;
using testing::Gt;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;

//! The program "allocating" with the agent in it.
class Sampling : public test::AgentConversation {
protected:
    void start() { begin(session.start({"allocating"})); }
    AgentSampled sample(SampleAction action) {
        EXPECT_TRUE(session.host->sample(target->pid(), action, ++sequence, 10'000));
        return answer(session.sampled);
    }
};

//! Survivors of a type by the method that allocated them.
std::map<std::string, std::uint32_t> survivorsOf(const AgentSampled& report, const std::string& type) {
    std::map<std::string, std::uint32_t> byMethod;
    for (const AllocationSite& site : report.sites) {
        if (site.type == type) {
            byMethod[site.frames.empty() ? "" : site.frames.front().method] += site.samples;
        }
    }
    return byMethod;
}

constexpr const char* kOrder = "Lab.Allocating+Order";

TEST_F(Sampling, TellsTheOneSiteOfThreeWhoseObjectsLive) {
    start();
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    tell("work 200000");
    const AgentSampled report = sample(SampleAction::Report);
    EXPECT_GE(report.result, 0);
    EXPECT_EQ(report.sites.size(), report.siteCount);
    EXPECT_FALSE(report.full);
    // 35 MB are kept of 140: one sample stands for 100 KB.
    EXPECT_GT(report.survivors, 100U);
    EXPECT_LT(report.survivors, report.samples);
    const auto orders = survivorsOf(report, kOrder);
    ASSERT_THAT(orders, ElementsAre(Pair("Lab.Allocating.Subscribed", Gt(50U)))) << session.log();
    EXPECT_THAT(survivorsOf(report, "Lab.Allocating+Page<Lab.Allocating+Order>"),
                ElementsAre(Pair("Lab.Allocating.Paged", Gt(0U))));
    expectOrderlyEnd();
}

TEST_F(Sampling, KnowsTheStackDownToMain) {
    start();
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    tell("work 100000");
    const AgentSampled report = sample(SampleAction::Report);
    const auto site = std::find_if(report.sites.begin(), report.sites.end(),
                                   [](const AllocationSite& one) { return one.type == kOrder; });
    ASSERT_NE(site, report.sites.end());
    std::vector<std::string> methods;
    for (const AllocationSite::Frame& frame : site->frames) {
        methods.push_back(frame.method);
        EXPECT_EQ(frame.modulePath, FIRSTCHANCE_THROWER);
        EXPECT_EQ(frame.token >> 24, 6U);
        EXPECT_TRUE(frame.ilOffset.has_value()) << frame.method;
    }
    EXPECT_THAT(methods, ElementsAre("Lab.Allocating.Subscribed", "Lab.Allocating.Keep",
                                     "Lab.Allocating.Work", "Lab.Allocating.Talk", "Lab.Program.Main"));
    expectOrderlyEnd();
}

TEST_F(Sampling, WhatIsLetGoIsNotTold) {
    start();
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    tell("work 100000");
    tell("forget");
    const AgentSampled report = sample(SampleAction::Report);
    EXPECT_GT(report.samples, 100U);
    EXPECT_THAT(survivorsOf(report, kOrder), SizeIs(0));
    expectOrderlyEnd();
}

TEST_F(Sampling, IsOneAtATime) {
    start();
    EXPECT_LT(sample(SampleAction::Report).result, 0); // there is none
    EXPECT_GE(sample(SampleAction::Stop).result, 0);   // nor here, which is as wanted
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    EXPECT_LT(sample(SampleAction::Start).result, 0);
    EXPECT_GE(sample(SampleAction::Stop).result, 0);
    EXPECT_LT(sample(SampleAction::Report).result, 0);
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    EXPECT_GE(sample(SampleAction::Report).result, 0);
    expectOrderlyEnd();
}

// Threads allocate, collect, throw, load code and let go of it all the while.
TEST_F(Sampling, OnAndOffManyTimesUnderLoadHarmsNobody) {
    start();
    tell("threads 6");
    for (int i = 0; i < 40; ++i) {
        ASSERT_GE(sample(SampleAction::Start).result, 0);
        tell("work 2000");
        ASSERT_GE(sample(i % 3 == 0 ? SampleAction::Stop : SampleAction::Report).result, 0) << session.log();
    }
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    tell("work 100000");
    const AgentSampled report = sample(SampleAction::Report);
    EXPECT_THAT(survivorsOf(report, kOrder), ElementsAre(Pair("Lab.Allocating.Subscribed", Gt(20U))));
    tell("quiet");
    expectOrderlyEnd();
}

AgentFilter threeExceptions() {
    AgentFilter filter;
    filter.firstChance = true;
    filter.log = true;
    filter.perSession = 3;
    return filter;
}

// Both want the stack, and the mask is one.
TEST_F(Sampling, GoesOnBesideExceptionsThatAreWatched) {
    ASSERT_TRUE(session.host->update(threeExceptions()));
    start();
    tell("threads 2");
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    tell("work 100000");
    EXPECT_THAT(survivorsOf(sample(SampleAction::Report), kOrder),
                ElementsAre(Pair("Lab.Allocating.Subscribed", Gt(20U))));
    const std::size_t before = session.exceptions.size();
    tell("work 1000");
    EXPECT_TRUE(
        target->runUntil([&] { return session.exceptions.size() > before; }, [&] { session.serve(); }));
    EXPECT_GE(session.asks.size(), 1U);
    tell("quiet");
    expectOrderlyEnd();
}

TEST_F(Sampling, MoreThanFitsIsSaid) {
    start();
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    tell("large 150000"); // every second one or so is sampled
    const AgentSampled report = sample(SampleAction::Report);
    EXPECT_TRUE(report.full);
    EXPECT_EQ(report.samples, 65536U);
    expectOrderlyEnd();
}

// The code of the frames and the type itself are gone when the report is made.
TEST_F(Sampling, OutlivesCodeThatIsUnloaded) {
    start();
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    tell("unload 20");
    const AgentSampled report = sample(SampleAction::Report);
    EXPECT_GE(report.result, 0);
    EXPECT_GT(report.samples, 20U);
    expectOrderlyEnd();
}

TEST_F(Sampling, EndsWithTheEngine) {
    start();
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    tell("work 1000");
    session.host.reset();
    const auto gone = [&] { return session.log().find("the engine has gone") != std::string::npos; };
    EXPECT_TRUE(target->runUntil(gone, [&] { session.serve(); }));
    EXPECT_THAT(session.log(), HasSubstr("sampling is abandoned"));
    expectOrderlyEnd();
}

TEST_F(Sampling, OfATargetThatDiesAnswersNothing) {
    start();
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    ::kill(target->pid(), SIGKILL);
    EXPECT_TRUE(target->runToEnd([&] { session.serve(); }));
    session.drain();
    EXPECT_THAT(session.disconnected, SizeIs(1));
    EXPECT_FALSE(session.host->sample(target->pid(), SampleAction::Report, 99, 1000));
}

// Threads allocate while the runtime shuts down.
TEST_F(Sampling, DoesNotHoldUpATargetThatExits) {
    start();
    tell("threads 4");
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    target->writeLine("exit 7");
    EXPECT_TRUE(target->runToEnd([&] { session.serve(); }));
    EXPECT_EQ(target->errors(), "");
    EXPECT_TRUE(WIFEXITED(target->status()) && WEXITSTATUS(target->status()) == 7) << target->status();
}

TEST_F(Sampling, WorksInAnAttachedAgent) {
    target = std::make_unique<test::TargetProcess>(test::throwerCommand({"allocating"}),
                                                   std::map<std::string, std::string>());
    const auto serve = [&] { session.serve(); };
    ASSERT_TRUE(target->runUntil([&] { return target->output() == "ready\n"; }, serve));
    test::AttachRequest attach(target->temporaryFolder(), FIRSTCHANCE_AGENT_LIBRARY,
                               session.host->attachPayload());
    ASSERT_TRUE(target->runUntil([&] { return attach.poll() && !session.connected.empty(); }, serve));
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    tell("work 100000");
    EXPECT_THAT(survivorsOf(sample(SampleAction::Report), kOrder),
                ElementsAre(Pair("Lab.Allocating.Subscribed", Gt(20U))));
    expectOrderlyEnd();
}

} // namespace
} // namespace firstchance
