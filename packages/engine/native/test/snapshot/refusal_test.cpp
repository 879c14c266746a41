// What cannot be done is said, with its reason and cure, and leaves the target as it was.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>

#include "forked.h"
#include "snapshot/snapshot.h"
#include "target.h"

namespace firstchance::test {
namespace {

using testing::HasSubstr;

SnapshotOptions by(CaptureMethod method) {
    SnapshotOptions options;
    options.method = method;
    return options;
}

TEST(SnapshotRefusal, NoSuchProcess) {
    const pid_t gone = ::fork();
    if (gone == 0) {
        ::_exit(0);
    }
    ::waitpid(gone, nullptr, 0);
    const auto frozen = takeSnapshot(gone, {});
    ASSERT_FALSE(frozen);
    EXPECT_EQ(frozen.error().code, ErrorCode::NoSuchProcess);
    EXPECT_THAT(frozen.error().what, HasSubstr(std::to_string(gone)));
}

TEST(SnapshotRefusal, AZombieIsGone) {
    const pid_t zombie = ::fork();
    if (zombie == 0) {
        ::_exit(0);
    }
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(zombie), &info, WEXITED | WNOWAIT);
    const auto frozen = takeSnapshot(zombie, {});
    ASSERT_FALSE(frozen);
    EXPECT_TRUE(frozen.error().code == ErrorCode::TargetGone ||
                frozen.error().code == ErrorCode::NoSuchProcess)
        << describe(frozen.error());
    ::waitpid(zombie, nullptr, 0);
}

TEST(SnapshotRefusal, Ourselves) {
    const auto frozen = takeSnapshot(::getpid(), {});
    ASSERT_FALSE(frozen);
    EXPECT_EQ(frozen.error().code, ErrorCode::InvalidArgument);
}

TEST(SnapshotRefusal, AlreadyTracedNamesTheTracer) {
    Target target({"waits"});
    Forked tracer([&](Forked::Channel& channel) {
        ::prctl(PR_SET_NAME, "some-debugger");
        const bool seized = ::ptrace(PTRACE_SEIZE, target.pid(), nullptr, nullptr) == 0;
        channel.say(seized);
        channel.waitForWord();
        ::ptrace(PTRACE_INTERRUPT, target.pid(), nullptr, nullptr);
        ::waitpid(target.pid(), nullptr, __WALL);
        ::ptrace(PTRACE_DETACH, target.pid(), nullptr, nullptr);
        return 0;
    });
    ASSERT_TRUE(tracer.channel().waitForWord());
    for (const CaptureMethod method : {CaptureMethod::Clone, CaptureMethod::Copy, CaptureMethod::Stop}) {
        const auto frozen = takeSnapshot(target.pid(), by(method));
        ASSERT_FALSE(frozen);
        EXPECT_EQ(frozen.error().code, ErrorCode::AlreadyTraced);
        EXPECT_THAT(frozen.error().why, HasSubstr("some-debugger"));
        EXPECT_THAT(frozen.error().why, HasSubstr(std::to_string(tracer.pid())));
        EXPECT_FALSE(frozen.error().cure.empty());
    }
    tracer.channel().say(true);
    EXPECT_EQ(tracer.wait(), 0);
    expectUnharmed(target);
    const auto frozen = takeSnapshot(target.pid(), {});
    EXPECT_TRUE(frozen) << describe(frozen.error());
}

//! \brief Makes a system call fail with EPERM from here on, for this process and its children.
bool deny(long number) {
    const auto low = static_cast<unsigned>(number);
    sock_filter code[] = {
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, low},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    };
    const sock_fprog program{4, code};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

TEST(SnapshotRefusal, PtraceForbiddenByOurOwnSeccompFilter) {
    Target target({"waits"});
    Forked engine([&](Forked::Channel&) {
        if (!deny(SYS_ptrace)) {
            return 2;
        }
        const auto frozen = takeSnapshot(target.pid(), {});
        const bool right = !frozen && frozen.error().code == ErrorCode::PermissionDenied &&
                           frozen.error().why.find("seccomp") != std::string::npos &&
                           !frozen.error().cure.empty();
        return right ? 0 : 1;
    });
    EXPECT_EQ(engine.wait(), 0);
    expectUnharmed(target);
}

TEST(SnapshotRefusal, AnotherUsersProcess) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "needs root, to be another user";
    }
    Target target({"waits"});
    Forked engine([&](Forked::Channel&) {
        if (::setresgid(65534, 65534, 65534) != 0 || ::setresuid(65534, 65534, 65534) != 0) {
            return 2;
        }
        const auto frozen = takeSnapshot(target.pid(), {});
        const bool right = !frozen && frozen.error().code == ErrorCode::PermissionDenied &&
                           frozen.error().why.find("user 0") != std::string::npos &&
                           !frozen.error().cure.empty();
        return right ? 0 : 1;
    });
    EXPECT_EQ(engine.wait(), 0);
    expectUnharmed(target);
}

TEST(SnapshotRefusal, MorePrivateMemoryThanMayBeCopiedStopsNobody) {
    Target target(std::vector<std::string>{"waits", "heap=32"});
    SnapshotOptions options = by(CaptureMethod::Copy);
    options.copyBudget = 16U << 20U;
    const auto frozen = takeSnapshot(target.pid(), options);
    ASSERT_FALSE(frozen);
    EXPECT_EQ(frozen.error().code, ErrorCode::DeadlineExceeded);
    EXPECT_THAT(frozen.error().why, HasSubstr("MB"));
    expectUnharmed(target);
}

TEST(SnapshotRefusal, Cancelled) {
    Target target;
    const std::atomic<bool> cancelled = true;
    SnapshotOptions options;
    options.cancelled = &cancelled;
    const auto frozen = takeSnapshot(target.pid(), options);
    ASSERT_FALSE(frozen);
    EXPECT_EQ(frozen.error().code, ErrorCode::Cancelled);
}

TEST(SnapshotRefusal, AThreadThatCannotStopIsATimeOutForNobodyElse) {
    // A vfork waits in the kernel, uninterruptible, for its child.
    Forked target([](Forked::Channel& channel) {
        const pid_t child = ::vfork(); // NOLINT(clang-analyzer-security.insecureAPI.vfork)
        if (child == 0) {
            channel.say(true);
            channel.waitForWord();
            ::_exit(0);
        }
        ::waitpid(child, nullptr, 0);
        return 0;
    });
    ASSERT_TRUE(target.channel().waitForWord());
    SnapshotOptions options;
    options.stopTimeout = std::chrono::milliseconds(100);
    const auto frozen = takeSnapshot(target.pid(), options);
    ASSERT_FALSE(frozen);
    EXPECT_EQ(frozen.error().code, ErrorCode::StopTimeout) << describe(frozen.error());
    target.channel().say(true);
    EXPECT_EQ(target.wait(), 0); // it is traced no more, and ends by itself
}

} // namespace
} // namespace firstchance::test
