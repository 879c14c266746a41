#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <filesystem>
#include <fstream>

#include "agent_session.h"
#include "attach_profiler.h"

namespace firstchance {
namespace {

using test::AgentSession;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

AgentFilter everyOwnException() {
    AgentFilter filter;
    filter.firstChance = true;
    filter.include = {"Lab."};
    filter.perPlace = filter.perType = filter.perSession = 0;
    return filter;
}

TEST(AgentLoading, AttachedOverIpcToARunningProcess) {
    AgentSession session(everyOwnException());
    test::TargetProcess target(test::throwerCommand({"talk"}), {});
    const auto serve = [&] { session.serve(); };
    ASSERT_TRUE(target.runUntil([&] { return target.output() == "ready\n"; }, serve));
    test::AttachRequest attach(target.temporaryFolder(), FIRSTCHANCE_AGENT_LIBRARY,
                               session.host->attachPayload());
    ASSERT_TRUE(target.runUntil([&] { return attach.poll(); }, serve));
    EXPECT_EQ(attach.result(), 0U);
    session.drain();
    ASSERT_THAT(session.connected, SizeIs(1));
    EXPECT_EQ(session.connected[0].how, "attach");
    target.writeLine("throw Lab.OwnException attached");
    ASSERT_TRUE(target.runUntil([&] { return target.output().ends_with("thrown 1\n"); }, serve));
    ASSERT_THAT(session.asks, SizeIs(1)) << session.log();
    EXPECT_EQ(session.asks[0].message, "attached");

    // A second session attaches to the process that the first one has left.
    session.host.reset();
    AgentSession second(everyOwnException());
    const auto serveSecond = [&] { second.serve(); };
    test::AttachRequest again(target.temporaryFolder(), FIRSTCHANCE_AGENT_LIBRARY,
                              second.host->attachPayload());
    ASSERT_TRUE(target.runUntil([&] { return again.poll(); }, serveSecond));
    EXPECT_EQ(again.result(), 0U);
    target.writeLine("throw Lab.OwnException again");
    ASSERT_TRUE(target.runUntil([&] { return target.output().ends_with("thrown 2\n"); }, serveSecond));
    ASSERT_THAT(second.asks, SizeIs(1));
    EXPECT_EQ(second.asks[0].message, "again");
    target.writeLine("main 3");
    EXPECT_TRUE(target.runToEnd(serveSecond));
    EXPECT_EQ(target.errors(), "");
    EXPECT_EQ(WEXITSTATUS(target.status()), 3);
}

//! Runs "loop" with a control file that was tampered with; the agent must stay out and the program be as
//! ever.
void expectDeclined(AgentSession& session, const char* why) {
    const auto target = session.run({"loop", "5"});
    EXPECT_EQ(target->output(), "threw 5\n");
    EXPECT_EQ(target->errors(), "");
    EXPECT_EQ(target->status(), 0);
    EXPECT_THAT(session.connected, IsEmpty()) << why;
    EXPECT_THAT(session.asks, IsEmpty()) << why;
}

TEST(AgentLoading, DeclinesAControlFileItCannotTrust) {
    {
        AgentSession session(everyOwnException());
        ::chmod(session.path(".agent").c_str(), 0620);
        expectDeclined(session, "group may write");
    }
    {
        AgentSession session(everyOwnException());
        std::filesystem::rename(session.path(".agent"), session.path("moved"));
        std::filesystem::create_symlink(session.path("moved"), session.path(".agent"));
        expectDeclined(session, "symbolic link");
    }
    {
        AgentSession session(everyOwnException());
        std::filesystem::resize_file(session.path(".agent"), 4096);
        expectDeclined(session, "cut short");
    }
    {
        AgentSession session(everyOwnException());
        std::fstream file(session.path(".agent"), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(4);
        file.put(99);
        file.close();
        expectDeclined(session, "another version");
    }
    {
        AgentSession session(everyOwnException());
        std::filesystem::remove(session.path(".agent"));
        expectDeclined(session, "none");
    }
    if (::geteuid() == 0) {
        AgentSession session(everyOwnException());
        ASSERT_EQ(::chown(session.path(".agent").c_str(), 12345, 12345), 0);
        expectDeclined(session, "another owner");
    }
}

TEST(AgentLoading, DeclinesByGlob) {
    AgentFilter filter = everyOwnException();
    filter.decline = {"*thrower.dll loop*"};
    AgentSession session(filter);
    expectDeclined(session, "declined");
}

TEST(AgentLoading, TheControlFileAndSocketAreOursAlone) {
    AgentSession session(everyOwnException());
    for (const char* name : {".agent", "agents"}) {
        struct stat status {};
        ASSERT_EQ(::stat(session.path(name).c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777U, 0600U) << name;
    }
    session.host.reset();
    EXPECT_FALSE(std::filesystem::exists(session.path(".agent")));
    EXPECT_FALSE(std::filesystem::exists(session.path("agents")));
}

TEST(AgentLoading, ALongSocketPathIsAClearError) {
    const std::string path = "/tmp/" + std::string(120, 'x');
    const auto host = AgentHost::open("/tmp/fc-none", path, {}, {});
    ASSERT_FALSE(host);
    EXPECT_EQ(host.error().code, ErrorCode::InvalidArgument);
    EXPECT_NE(host.error().why.find("107 bytes"), std::string::npos);
}

TEST(AgentLoading, TestsAreNamed) {
    AgentFilter filter = everyOwnException();
    filter.tests = true;
    AgentSession session(filter);
    const auto target = session.run({"tests"});
    EXPECT_EQ(target->output(), "tested\n");
    std::vector<std::string> events;
    for (const auto& event : session.tests) {
        events.push_back(event.state + " " + event.name);
        EXPECT_EQ(event.pid, target->pid());
    }
    EXPECT_THAT(events, ElementsAre("started Suite.One", "passed Suite.One", "started Suite.Two",
                                    "started Suite.Three", "failed Suite.Three", "skipped Suite.Two"))
        << session.log();
    std::vector<std::string> asks;
    for (const auto& ask : session.asks) {
        asks.push_back(ask.message.value_or("") + " | " + ask.testName + " | " +
                       std::to_string(ask.candidates));
    }
    EXPECT_THAT(asks, ElementsAre("in one | Suite.One | 1", "two, other thread | Suite.Two | 1",
                                  "two or three |  | 2", "no test |  | 0"));
}

TEST(AgentLoading, PerTestLimitBeginsAnewWithEveryTest) {
    AgentFilter filter = everyOwnException();
    filter.tests = true;
    filter.perTest = 1;
    AgentSession session(filter);
    session.run({"tests"});
    EXPECT_THAT(session.asks, SizeIs(4)); // one per test, and those of no test
}

} // namespace
} // namespace firstchance
