// Targets in odd states: without a leader, stopped, in a pid namespace, unprivileged, under a seccomp filter.
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "forked.h"
#include "linux/task_list.h"
#include "snapshot/snapshot.h"
#include "target.h"

namespace firstchance::test {
namespace {

class SpecialTarget : public testing::TestWithParam<CaptureMethod> {
protected:
    static void freezeAndRelease(const Target& target) {
        SnapshotOptions options;
        options.method = GetParam();
        auto frozen = takeSnapshot(target.pid(), options);
        ASSERT_TRUE(frozen) << describe(frozen.error());
        EXPECT_TRUE((*frozen)->readValue<std::uint64_t>(target.address("private")));
        EXPECT_FALSE((*frozen)->mappings().empty());
        EXPECT_FALSE((*frozen)->auxiliaryVector().empty());
        const auto released = (*frozen)->release();
        EXPECT_TRUE(released) << describe(released.error());
    }
};

INSTANTIATE_TEST_SUITE_P(Methods, SpecialTarget,
                         testing::Values(CaptureMethod::Clone, CaptureMethod::Copy, CaptureMethod::Stop),
                         [](const auto& method) { return std::string(captureMethodName(method.param)); });

TEST_P(SpecialTarget, WhoseLeaderHasEnded) {
    Target target(std::vector<std::string>{"waits", "leaderless"});
    while (readTaskState(target.pid(), target.pid()) != 'Z') {
        ::usleep(1000);
    }
    freezeAndRelease(target);
    expectUnharmed(target);
}

TEST_P(SpecialTarget, StoppedByASignalStaysStopped) {
    Target target({"waits"});
    ::kill(target.pid(), SIGSTOP);
    while (readTaskState(target.pid(), target.pid()) != 'T') {
        ::usleep(1000);
    }
    freezeAndRelease(target);
    // A thread that is let go stops again on its way to its program, once it has a core (ptrace(2),
    // PTRACE_DETACH).
    const auto runs = [&] { return readTaskState(target.pid(), target.pid()) == 'R'; };
    for (int waits = 0; runs() && waits < 10'000; ++waits) {
        ::usleep(1000);
    }
    EXPECT_EQ(readTaskState(target.pid(), target.pid()), 'T');
    ::kill(target.pid(), SIGCONT);
    expectUnharmed(target);
}

TEST_P(SpecialTarget, Process1OfItsPidNamespace) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "needs root, for a pid namespace";
    }
    Target target(Target::Options{{"waits"}, {}, true});
    ASSERT_EQ(target.fact("pid"), 1U);
    freezeAndRelease(target);
    expectUnharmed(target);
}

TEST_P(SpecialTarget, OfAnUnprivilegedUserByThatUser) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "every other test does that";
    }
    const auto becomeNobody = [] {
        const rlimit memory{64 << 10, 64 << 10}; // what an old distribution lets a user lock
        ::setrlimit(RLIMIT_MEMLOCK, &memory);
        if (::setresgid(65534, 65534, 65534) != 0 || ::setresuid(65534, 65534, 65534) != 0) {
            ::_exit(126);
        }
        ::prctl(PR_SET_DUMPABLE, 1);
    };
    Target target(Target::Options{{"waits"}, becomeNobody, false});
    Forked engine([&](Forked::Channel&) {
        becomeNobody();
        freezeAndRelease(target);
        return testing::Test::HasFailure() ? 1 : 0;
    });
    EXPECT_EQ(engine.wait(), 0);
    expectUnharmed(target);
}

//! \brief clone without CLONE_THREAD fails with EPERM: the program may make threads but no processes.
void forbidProcesses() {
    constexpr unsigned kCloneThread = 0x10000;
    sock_filter code[] = {
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 3, SYS_clone},
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, args)},
        {BPF_JMP | BPF_JSET | BPF_K, 1, 0, kCloneThread},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    };
    const sock_fprog program{6, code};
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

TEST(SeccompTarget, IsNeverKilledByItsFilter) {
    Target target(Target::Options{{"waits", "childless"}, forbidProcesses, false});
    auto frozen = takeSnapshot(target.pid(), {});
    if (frozen) { // CAP_SYS_ADMIN: the filter was suspended
        EXPECT_TRUE((*frozen)->release());
    } else {
        EXPECT_EQ(frozen.error().code, ErrorCode::CloneRefused) << describe(frozen.error());
    }
    expectUnharmed(target);
    EXPECT_TRUE(target.finish());
}

TEST(SeccompTarget, IsLeftAloneByAnUnprivilegedEngine) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "needs root, to become another user";
    }
    const auto becomeNobody = [] {
        if (::setresgid(65534, 65534, 65534) != 0 || ::setresuid(65534, 65534, 65534) != 0) {
            ::_exit(126);
        }
        ::prctl(PR_SET_DUMPABLE, 1);
    };
    const auto both = [&] {
        becomeNobody();
        forbidProcesses();
    };
    Target target(Target::Options{{"waits", "childless"}, both, false});
    Forked engine([&](Forked::Channel&) {
        becomeNobody();
        const auto frozen = takeSnapshot(target.pid(), {});
        return !frozen && frozen.error().code == ErrorCode::CloneRefused ? 0 : 1;
    });
    EXPECT_EQ(engine.wait(), 0);
    expectUnharmed(target);
}

} // namespace
} // namespace firstchance::test
