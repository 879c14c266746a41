#include "capture/child_process.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

namespace firstchance {
namespace {

using namespace std::chrono_literals;

TEST(ChildProcess, RunsTheBodyAndAnswers) {
    auto child = ChildProcess::start(
        [](LineChannel& channel) {
            channel.send({{"pid", ::getpid()}});
            return 7;
        },
        ChildProcess::OnParentDeath::Kill);
    ASSERT_TRUE(child);
    EXPECT_EQ((*(*child)->channel().receive(10s))["pid"], (*child)->pid());
    EXPECT_EQ(WEXITSTATUS((*child)->wait()), 7);
}

TEST(ChildProcess, EndsInTheMiddleOfAMessageThatNobodyReads) {
    auto child = ChildProcess::start(
        [](LineChannel& channel) {
            return channel.send({{"text", std::string(8U << 20U, 'x')}}) ? 0 : 1;
        },
        ChildProcess::OnParentDeath::Kill);
    ASSERT_TRUE(child);
    pollfd begun{(*child)->channel().fd(), POLLIN, 0};
    ASSERT_EQ(1, ::poll(&begun, 1, 10'000));
    child->reset(); // without end where the message holds it up
}

TEST(ChildProcess, TerminateSetsTheFlagInsteadOfKilling) {
    auto child = ChildProcess::start(
        [](LineChannel& channel) {
            channel.send({{"ready", true}});
            while (!cancellationFlag()) {
                ::pause();
            }
            channel.send({{"cancelled", true}});
            return 0;
        },
        ChildProcess::OnParentDeath::Terminate);
    ASSERT_TRUE(child);
    ASSERT_TRUE((*child)->channel().receive(10s));
    // pause() may be entered after the signal: repeat until the answer comes.
    std::optional<nlohmann::json> answer;
    while (!answer && !(*child)->channel().closed()) {
        (*child)->terminate();
        answer = (*child)->channel().receive(50ms);
    }
    ASSERT_TRUE(answer);
    EXPECT_TRUE((*answer)["cancelled"]);
}

TEST(ChildProcess, ACrashIsAWaitStatusWithAName) {
    auto child = ChildProcess::start(
        [](LineChannel&) {
            ::signal(SIGSEGV, SIG_DFL); // a sanitizer's handler would turn it into an exit
            ::raise(SIGSEGV);
            return 0;
        },
        ChildProcess::OnParentDeath::Kill);
    ASSERT_TRUE(child);
    EXPECT_FALSE((*child)->channel().receive(10s));
    EXPECT_EQ(describeWaitStatus((*child)->wait()), "signal 11 (Segmentation fault)");
}

TEST(ChildProcess, DiesWithItsParent) {
    auto outer = ChildProcess::start(
        [](LineChannel& channel) {
            auto inner = ChildProcess::start(
                [](LineChannel&) {
                    ::pause();
                    return 0;
                },
                ChildProcess::OnParentDeath::Kill);
            channel.send({{"inner", (*inner)->pid()}});
            ::pause();
            return 0;
        },
        ChildProcess::OnParentDeath::Kill);
    ASSERT_TRUE(outer);
    const auto answer = (*outer)->channel().receive(10s);
    ASSERT_TRUE(answer);
    const pid_t inner = (*answer)["inner"];
    (*outer)->kill();
    (*outer)->wait();
    // The inner one is nobody's child here: its end shows as the absence of a live process of that id.
    for (int i = 0; i < 5000 && ::kill(inner, 0) == 0; ++i) {
        ::usleep(1000);
    }
    EXPECT_NE(::kill(inner, 0), 0);
}

} // namespace
} // namespace firstchance
