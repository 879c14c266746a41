#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "agent_session.h"

namespace firstchance {
namespace {

using test::AgentSession;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::Optional;
using testing::SizeIs;
using testing::StrEq;

AgentFilter everyException() {
    AgentFilter filter;
    filter.firstChance = true;
    filter.perPlace = filter.perType = filter.perSession = 0;
    return filter;
}

AgentFilter including(std::vector<std::string> patterns) {
    AgentFilter filter = everyException();
    filter.include = std::move(patterns);
    return filter;
}

std::vector<std::string> texts(const std::vector<AgentAsk>& asks) {
    std::vector<std::string> result;
    result.reserve(asks.size());
    for (const auto& ask : asks) {
        result.push_back(ask.type + ": " + ask.message.value_or("(null)"));
    }
    return result;
}

std::uint64_t wordAt(pid_t pid, std::uint64_t address) {
    std::ifstream memory("/proc/" + std::to_string(pid) + "/mem", std::ios::binary);
    std::uint64_t word = 0;
    memory.seekg(static_cast<std::streamoff>(address));
    memory.read(reinterpret_cast<char*>(&word), sizeof word);
    return memory ? word : 0;
}

TEST(AgentExceptions, AskWithTypeMessageHresultAndFrames) {
    AgentSession session(including({"Lab.*", "FileNotFound", "Invalid", "Argument", "NullReference"}));
    const auto target = session.run({"kinds"});
    EXPECT_EQ(target->output(), test::runWithoutAgent({"kinds"})->output());
    EXPECT_EQ(target->errors(), "");
    EXPECT_EQ(target->status(), 0);
    EXPECT_THAT(
        texts(session.asks),
        ElementsAre(
            "Lab.OwnException: plain", "Lab.OwnException+Nested: nested",
            "Lab.Generic<System.String>: generic", "Lab.Generic<System.Int32[]>+Inner<System.Version>: two",
            "System.InvalidOperationException: Operation is not valid due to the current state of the "
            "object.",
            "Lab.OwnException: (null)", "System.IO.FileNotFoundException: Could not find file '/nosuchfile'.",
            "System.ArgumentException: gr\u00fc\u00df \U0001F600",
            "System.NullReferenceException: Object reference not set to an instance of an object."))
        << session.log();
    ASSERT_FALSE(session.asks.empty());
    const AgentAsk& first = session.asks.front();
    EXPECT_EQ(first.trigger, "first-chance");
    EXPECT_EQ(first.pid, target->pid());
    EXPECT_EQ(first.tid, first.namespaceTid);
    EXPECT_EQ(first.hresult, static_cast<std::int32_t>(0x80131500));
    ASSERT_GE(first.frames.size(), 3U);
    EXPECT_EQ(first.frames.front().moduleName, "thrower.dll");
    EXPECT_EQ(first.frames.front().token >> 24, 0x06U);
    EXPECT_THAT(session.connected, ElementsAre(AllOf(Field(&AgentConnected::pid, target->pid()),
                                                     Field(&AgentConnected::how, StrEq("startup")))));
    EXPECT_TRUE(session.connected.front().runtime.starts_with("10.0.")) << session.connected.front().runtime;
    EXPECT_THAT(session.disconnected, ElementsAre(target->pid()));
}

TEST(AgentExceptions, TheObjectLiesWhereTheAskSays) {
    AgentSession session(including({"loop"}));
    std::vector<std::pair<std::uint64_t, std::uint64_t>> words;
    session.onAsk = [&](const AgentAsk& ask) {
        words.emplace_back(wordAt(ask.pid, ask.objectAddress), ask.methodTableAddress);
    };
    session.run({"loop", "3"});
    ASSERT_THAT(words, SizeIs(3));
    for (const auto& [word, methodTable] : words) {
        EXPECT_NE(methodTable, 0U);
        EXPECT_EQ(word, methodTable);
    }
}

TEST(AgentExceptions, RethrownOnesAreNotAskedTwice) {
    AgentSession session(including({"Lab.", "InvalidOperation"}));
    const auto target = session.run({"rethrow"});
    EXPECT_EQ(target->status(), 0);
    EXPECT_THAT(texts(session.asks),
                ElementsAre("Lab.OwnException: once", "Lab.OwnException: ex", "Lab.OwnException: edi",
                            "Lab.OwnException: inner", "System.InvalidOperationException: outer"));
}

TEST(AgentExceptions, AnAwaitedOneIsAskedOnce) {
    AgentSession session(including({"awaited"}));
    session.run({"await"});
    EXPECT_THAT(texts(session.asks), ElementsAre("Lab.OwnException: awaited"));
}

TEST(AgentExceptions, WrappersOfSeenExceptionsAreNotAsked) {
    AgentSession session(including({"Lab.", "TargetInvocation", "Aggregate", "TypeInitialization"}));
    session.run({"wrappers"});
    EXPECT_THAT(texts(session.asks),
                ElementsAre("Lab.OwnException: invoked", "Lab.OwnException: task",
                            "Lab.OwnException: initializer", "System.AggregateException: own"));
}

TEST(AgentExceptions, BaseTypesMatchAndExcludesWin) {
    AgentFilter filter = including({"System.IO.IOException", "+Lab.OwnException"});
    filter.exclude = {"plain"};
    AgentSession session(filter);
    session.run({"kinds"});
    EXPECT_THAT(texts(session.asks),
                ElementsAre("Lab.OwnException+Nested: nested", "Lab.OwnException: (null)",
                            "System.IO.FileNotFoundException: Could not find file '/nosuchfile'."));
}

TEST(AgentExceptions, LimitsPerPlaceTypeAndSession) {
    AgentFilter filter = including({"Lab."});
    filter.perPlace = 2;
    {
        AgentSession session(filter);
        session.run({"places", "5"});
        EXPECT_THAT(session.asks, SizeIs(4)); // two methods
        std::uint32_t skipped = 0;
        for (const auto& event : session.skipped) {
            EXPECT_EQ(event.why, "per-place");
            EXPECT_EQ(event.type, "Lab.OwnException");
            skipped += event.count;
        }
        EXPECT_EQ(skipped, 11U);
        const auto totals = session.host->totals();
        EXPECT_EQ(totals.matched, 15U);
        EXPECT_EQ(totals.captured, 4U);
        EXPECT_EQ(totals.skipped, 11U);
    }
    filter.perType = 3;
    {
        AgentSession session(filter);
        session.run({"places", "5"});
        EXPECT_THAT(session.asks, SizeIs(3));
    }
    filter.perSession = 2;
    {
        AgentSession session(filter);
        session.run({"places", "1"});
        session.run({"places", "5"}); // another process of the same session
        EXPECT_THAT(session.asks, SizeIs(2));
    }
}

TEST(AgentExceptions, AHostThatNeverAnswersCostsOneWait) {
    AgentFilter filter = everyException();
    filter.include = {"loop"};
    filter.timeoutMs = 300;
    AgentSession session(filter, AgentSession::Answers::Never);
    const auto target = session.run({"loop", "50"});
    EXPECT_EQ(target->output(), "threw 50\n");
    EXPECT_EQ(target->status(), 0);
    EXPECT_THAT(session.asks, SizeIs(1));
    std::uint32_t timeouts = 0;
    for (const auto& event : session.skipped) {
        EXPECT_EQ(event.why, "timeout");
        timeouts += event.count;
    }
    EXPECT_EQ(timeouts, 50U);
}

TEST(AgentExceptions, AHostThatEndsWhileAThreadWaits) {
    AgentFilter filter = everyException();
    filter.include = {"loop"};
    filter.timeoutMs = 60000;
    AgentSession session(filter, AgentSession::Answers::Never);
    const auto target = session.start({"loop", "50"});
    ASSERT_TRUE(target->runUntil([&] { return !session.asks.empty(); }, [&] { session.serve(); }));
    session.host.reset();
    EXPECT_TRUE(target->runToEnd([&] { session.serve(); }));
    EXPECT_EQ(target->output(), "threw 50\n");
    EXPECT_EQ(target->status(), 0);
}

// The engine is a process of its own here; the first ask kills it as SIGKILL does: no destructor, no answer.
TEST(AgentExceptions, AHostThatIsKilledWhileAThreadWaits) {
    AgentFilter filter = including({"loop"});
    filter.timeoutMs = 60000;
    AgentSession session(filter);
    const auto environment = session.environment();
    const std::string controlPath = session.path(".agent");
    const std::string socketPath = session.path("agents");
    session.host.reset();
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const pid_t engine = ::fork();
    if (engine == 0) {
        AgentHost::Callbacks callbacks;
        callbacks.ask = [](const AgentAsk&) { ::kill(::getpid(), SIGKILL); };
        const auto host = AgentHost::open(controlPath, socketPath, filter, std::move(callbacks));
        const bool written = host && ::write(ready[1], "x", 1) == 1;
        while (written) {
            (*host)->dispatchOnce(-1);
        }
        ::_exit(1);
    }
    char byte = 0;
    ASSERT_EQ(::read(ready[0], &byte, 1), 1);
    ::close(ready[0]);
    ::close(ready[1]);
    test::TargetProcess target(test::throwerCommand({"loop", "50"}), environment);
    EXPECT_TRUE(target.runToEnd([&] { session.serve(); }));
    EXPECT_EQ(target.output(), "threw 50\n");
    EXPECT_EQ(target.errors(), "");
    EXPECT_EQ(target.status(), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(engine, &status, 0), engine);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
    EXPECT_NE(session.log().find("nobody listens; no more asks"), std::string::npos) << session.log();
}

TEST(AgentExceptions, ARefusalLetsTheThreadGoOn) {
    AgentSession session(including({"loop"}), AgentSession::Answers::Refused);
    const auto target = session.run({"loop", "5"});
    EXPECT_EQ(target->output(), "threw 5\n");
    EXPECT_THAT(session.asks, SizeIs(5));
    EXPECT_EQ(session.host->totals().captured, 0U);
    EXPECT_EQ(session.host->totals().skipped, 5U);
}

TEST(AgentExceptions, TheFilterChangesWhileTheTargetRuns) {
    AgentSession session(including({"first"}));
    const auto target = session.start({"talk"});
    const auto say = [&](const std::string& line, const std::string& answer) {
        target->writeLine(line);
        return target->runUntil([&] { return target->output().ends_with(answer + "\n"); },
                                [&] { session.serve(); });
    };
    ASSERT_TRUE(target->runUntil([&] { return target->output() == "ready\n"; }, [&] { session.serve(); }));
    ASSERT_TRUE(say("throw Lab.OwnException first", "thrown 1"));
    ASSERT_TRUE(say("throw Lab.OwnException second", "thrown 2"));
    EXPECT_THAT(texts(session.asks), ElementsAre("Lab.OwnException: first"));

    ASSERT_TRUE(session.host->update(including({"second"})));
    ASSERT_TRUE(say("throw Lab.OwnException first", "thrown 3"));
    ASSERT_TRUE(say("throw Lab.OwnException second", "thrown 4"));
    EXPECT_THAT(texts(session.asks), ElementsAre("Lab.OwnException: first", "Lab.OwnException: second"));

    ASSERT_TRUE(session.host->update({})); // nothing armed: the event mask goes to 0
    const auto quiet = [&] {
        return session.log().find("mode 0: event mask 0x0/0x0, 0x00000000") != std::string::npos;
    };
    ASSERT_TRUE(target->runUntil(quiet, [&] { session.serve(); })) << session.log();
    ASSERT_TRUE(say("throw Lab.OwnException second", "thrown 5"));
    EXPECT_THAT(session.asks, SizeIs(2));

    ASSERT_TRUE(session.host->update(everyException()));
    const auto armed = [&] { return session.log().rfind("mode 1: ") > session.log().rfind("mode 0: "); };
    ASSERT_TRUE(target->runUntil(armed, [&] { session.serve(); })) << session.log();
    ASSERT_TRUE(say("throw System.TimeoutException third", "thrown 6"));
    EXPECT_THAT(texts(session.asks), testing::Contains("System.TimeoutException: third"));
    target->writeLine("end");
    EXPECT_TRUE(target->runToEnd([&] { session.serve(); }));
    EXPECT_EQ(target->status(), 0);
}

TEST(AgentExceptions, CollectibleTypesAreTakenForWhatTheyAre) {
    AgentSession session(including({"collectible"}));
    const auto target = session.run({"collectible", "20"});
    EXPECT_EQ(target->output(), "unloaded\n");
    ASSERT_THAT(session.asks, SizeIs(20));
    for (std::size_t i = 0; i < session.asks.size(); ++i) {
        EXPECT_EQ(session.asks[i].type, i % 2 == 0 ? "Lab.OwnException" : "Lab.OwnException+Nested");
        EXPECT_THAT(session.asks[i].message, Optional(StrEq("collectible " + std::to_string(i))));
    }
}

TEST(AgentExceptions, ManyThreadsAskAtOnce) {
    AgentSession session(including({"thread"}));
    const auto target = session.run({"threads", "20"});
    EXPECT_EQ(target->output(), "joined\n");
    EXPECT_THAT(session.asks, SizeIs(160));
    std::set<pid_t> threads;
    for (const auto& ask : session.asks) {
        threads.insert(ask.tid);
    }
    EXPECT_THAT(threads, SizeIs(8));
}

// A collection that waits for the throwing thread sends it thousands of signals.
TEST(AgentExceptions, ACollectionWaitsAndTheAnswerArrives) {
    AgentSession session(including({"gc "}), AgentSession::Answers::Never);
    session.onAsk = [&](const AgentAsk& ask) {
        session.host->dispatchOnce(20);
        EXPECT_EQ(wordAt(ask.pid, ask.objectAddress), ask.methodTableAddress);
        session.host->answer(ask.askId, true);
    };
    const auto target = session.run({"gc", "30"});
    EXPECT_EQ(target->output(), "collected\n");
    EXPECT_THAT(session.asks, SizeIs(30));
    EXPECT_THAT(session.skipped, IsEmpty());
}

TEST(AgentExceptions, LogReportsEveryOneWithoutAsking) {
    AgentFilter filter;
    filter.log = true;
    filter.include = {"ex"};
    AgentSession session(filter);
    session.run({"rethrow"});
    EXPECT_THAT(session.asks, IsEmpty());
    std::vector<std::string> lines;
    for (const auto& event : session.exceptions) {
        if (event.type.starts_with("Lab.")) {
            lines.push_back(event.message.value_or("") + (event.rethrow ? " R" : "") +
                            (event.matched ? " M" : ""));
        }
    }
    EXPECT_THAT(lines, ElementsAre("once M", "once R", "ex M", "ex R", "edi M", "edi R", "inner M"));
    EXPECT_EQ(session.host->totals().dropped, 0U);
}

} // namespace
} // namespace firstchance
