#include "snapshot/cloned_process.h"

#include <poll.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "base/unique_fd.h"
#include "linux/ptrace.h"
#include "linux/task_list.h"
#include "snapshot/one_thread.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kWaitAll = 0x40000000; // __WALL: the copy has no exit signal
constexpr auto kReapLimit = std::chrono::milliseconds(2000);

bool waitInTarget(const ProcessImage& target, pid_t tid, const CloneOfTarget& clone, double& windowMs) {
    OneThread one(tid, clone.means.options);
    if (!one.stop()) {
        return false;
    }
    // Chosen anew, not remembered: the library that held the instruction may have been unloaded since.
    const auto point = chooseInjectionPoint(target, one.threads());
    if (!point) {
        return false;
    }
    Injection injection(target, *point, clone.means.home);
    const std::int64_t start = monotonicNanoseconds();
    if (injection.begin() != 0) {
        return false;
    }
    const auto waited = injection.call(
        SYS_wait4, {static_cast<std::uint64_t>(clone.childInTarget), 0, WNOHANG | kWaitAll, 0, 0, 0});
    injection.finish();
    windowMs = injection.safe() ? 0 : static_cast<double>(monotonicNanoseconds() - start) / 1e6;
    // ECHILD: a waiting thread of the program with __WALL was faster; nothing is left either way.
    return waited && (*waited == clone.childInTarget || *waited == -ECHILD);
}

//! \brief All threads, the injected one and sleeping ones first: these know their system call instruction.
std::vector<pid_t> candidates(pid_t pid, pid_t preferred) {
    auto tasks = listTasks(pid).value_or(std::vector<pid_t>());
    std::stable_partition(tasks.begin(), tasks.end(),
                          [&](pid_t tid) { return readTaskState(pid, tid) == 'S'; });
    std::stable_partition(tasks.begin(), tasks.end(), [&](pid_t tid) { return tid == preferred; });
    return tasks;
}

//! \brief Waits until the process is a zombie, or \p limit has passed.
void waitForEnd(pid_t pid, std::chrono::milliseconds limit) {
    const UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    pollfd end{handle.get(), POLLIN, 0};
    ::poll(&end, handle.valid() ? 1 : 0, handle.valid() ? static_cast<int>(limit.count()) : 0);
}

} // namespace

Result<void> ClonedProcess::releaseOnTracer() {
    return reapClone(pid(), clone_, timings_.reapWindowMs);
}

Result<void> reapClone(pid_t pid, const CloneOfTarget& clone, double& windowMs) {
    ::kill(clone.child, SIGKILL);
    int status = 0;
    while (::waitpid(clone.child, &status, __WALL) != clone.child || WIFSTOPPED(status)) {
        if (errno != EINTR && !WIFSTOPPED(status)) {
            break;
        }
    }
    // As its tracer we have seen it die; now it is a zombie of its parent, the target.
    const auto live = LiveProcess::open(pid);
    const auto targetGone = [pid] {
        return candidates(pid, 0).empty() || readTaskState(pid, livingTask(pid)) == 'Z';
    };
    const auto deadline = std::chrono::steady_clock::now() + kReapLimit;
    while (!targetGone() && std::chrono::steady_clock::now() < deadline) {
        if (!live) {
            waitForEnd(pid, kReapLimit); // it has no memory any more and is on its way out
            break;
        }
        const auto tasks = candidates(pid, clone.injectedThread);
        if (tasks.empty()) {
            return {};
        }
        for (const pid_t tid : tasks) {
            if (waitInTarget(**live, tid, clone, windowMs)) {
                return {};
            }
        }
    }
    if (targetGone()) {
        return {}; // and its zombies with it
    }
    return fail(
        {ErrorCode::StopTimeout,
         "Removing the ended copy " + std::to_string(clone.child) + " of process " + std::to_string(pid),
         "no thread of it could be made to wait for it",
         "It stays as a zombie without memory until the program ends.", 0});
}

} // namespace firstchance
