// We are killed while a thread of the target does a call for us: it finds back alone.
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "linux/live_process.h"
#include "linux/task_list.h"
#include "snapshot/injection.h"
#include "snapshot/one_thread.h"
#include "target.h"

namespace firstchance::test {
namespace {

#if defined(__x86_64__)

enum class Moment { BeforeTheCall, AtTheBirthOfTheCopy, BehindTheCall };

//! \brief What became of the process that traced.
enum class Tracer { Killed, Unable, Unsafe };

constexpr int kUnable = 3;
constexpr int kUnsafe = 4;

[[noreturn]] void traceAndDie(pid_t pid, pid_t tid, Moment moment) {
    const auto live = LiveProcess::open(pid);
    OneThread one(tid, PTRACE_O_TRACECLONE);
    if (!live || !one.stop()) {
        ::_exit(kUnable);
    }
    const auto point = chooseInjectionPoint(**live, one.threads());
    const auto code = findHomeCode(**live);
    if (!point || !code) {
        ::_exit(kUnable);
    }
    Injection injection(**live, *point, code);
    if (injection.begin() != 0 || !injection.safe()) {
        ::_exit(kUnsafe);
    }
    if (moment == Moment::AtTheBirthOfTheCopy) {
        static_cast<void>(injection.call(SYS_clone, {CLONE_FILES | CLONE_FS, 16, 0, 0, 0, 0},
                                         [](pid_t) { ::raise(SIGKILL); }));
    } else if (moment == Moment::BehindTheCall) {
        static_cast<void>(injection.call(SYS_getpid, {}));
    }
    ::raise(SIGKILL);
    ::_exit(kUnable);
}

Tracer killedWhileTracing(pid_t pid, pid_t tid, Moment moment) {
    const pid_t tracer = ::fork();
    if (tracer == 0) {
        traceAndDie(pid, tid, moment);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(tracer, &status, 0), tracer);
    if (WIFSIGNALED(status)) {
        return Tracer::Killed;
    }
    return WEXITSTATUS(status) == kUnsafe ? Tracer::Unsafe : Tracer::Unable;
}

class SnapshotKill : public testing::TestWithParam<Moment> {};

INSTANTIATE_TEST_SUITE_P(Moments, SnapshotKill,
                         testing::Values(Moment::BeforeTheCall, Moment::AtTheBirthOfTheCopy,
                                         Moment::BehindTheCall));

TEST_P(SnapshotKill, LeavesEveryThreadWhereItWas) {
    Target target({"waits"});
    while (number(target.ask("report"), "waits") < 20) { // every thread has begun
        ::usleep(1000);
    }
    const std::string before = describeThreads(target.pid());
    const auto tasks = listTasks(target.pid());
    ASSERT_TRUE(tasks);
    int killed = 0;
    for (const pid_t tid : *tasks) {
        const Tracer tracer = killedWhileTracing(target.pid(), tid, GetParam());
        EXPECT_NE(tracer, Tracer::Unsafe) << "thread " << tid;
        killed += tracer == Tracer::Killed ? 1 : 0;
    }
    EXPECT_GT(killed, static_cast<int>(tasks->size()) / 2);
    // Every timed call ran through at least once more.
    const long waits = number(target.ask("report"), "waits");
    while (number(target.ask("report"), "waits") < waits + 40) {
        ::usleep(1000);
    }
    const auto report = target.ask("report");
    const auto first = report.find("firstWrong");
    SCOPED_TRACE(first == report.end() ? "" : "first wrong result: " + first->second);
    EXPECT_EQ(number(report, "childSignals"), 0);
    EXPECT_EQ(number(report, "wrongResults"), 0);
    EXPECT_EQ(describeThreads(target.pid()), before); // policy, signal mask, no tracer
    EXPECT_TRUE(target.finish());
}

using Wide = std::array<std::uint64_t, 4>;

//! \brief Holds a value in a vector register for as long as the flag is 0. \return what is in it then
[[gnu::target("avx")]] Wide spinWith(const Wide& value, const volatile int* flag) {
    Wide after{};
    asm volatile("vmovdqu (%1), %%ymm13\n"
                 "1: pause\n"
                 "cmpl $0, (%0)\n"
                 "je 1b\n"
                 "vmovdqu %%ymm13, (%2)\n"
                 :
                 : "r"(flag), "r"(value.data()), "r"(after.data())
                 : "xmm13", "memory");
    return after;
}

TEST_P(SnapshotKill, LeavesTheVectorRegistersOfARunningThread) {
    if (!__builtin_cpu_supports("avx")) {
        GTEST_SKIP() << "no AVX here";
    }
    auto* flag = static_cast<volatile int*>(
        ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    ASSERT_NE(flag, MAP_FAILED);
    const Wide value{0x0123456789abcdefU, 0xfedcba9876543210U, 0x5555aaaa5555aaaaU, 0x1122334455667788U};
    const pid_t target = ::fork();
    if (target == 0) {
        ::_exit(spinWith(value, flag) == value ? 0 : 1);
    }
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(killedWhileTracing(target, target, GetParam()), Tracer::Killed);
    }
    *flag = 1;
    int status = 0;
    ASSERT_EQ(::waitpid(target, &status, 0), target);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << std::hex << status;
    ::munmap(const_cast<int*>(flag), 4096);
}

#endif

} // namespace
} // namespace firstchance::test
