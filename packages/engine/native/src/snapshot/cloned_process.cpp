#include "snapshot/cloned_process.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>

#include "linux/ptrace.h"
#include "linux/task_list.h"
#include "snapshot/injection.h"
#include "snapshot/signal_shield.h"

namespace firstchance {
namespace {

constexpr int kStopMs = 500;
constexpr std::uint64_t kWaitAll = 0x40000000; // __WALL: the copy has no exit signal

//! \brief One thread of the target, seized and stopped, for one call.
class OneThread {
public:
    explicit OneThread(pid_t tid) { thread_.tid = tid; }
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;
    ~OneThread() {
        if (thread_.stopped) {
            ptrace::detach(thread_.tid, thread_.signal);
        } else if (seized_ && ptrace::interrupt(thread_.tid) == 0) {
            const auto stop = ptrace::waitFor(thread_.tid, kStopMs);
            if (stop && stop->kind != ptrace::Stop::Kind::Gone) {
                ptrace::detach(thread_.tid, stop->signal);
            }
        }
    }

    bool stop() {
        seized_ = ptrace::seize(thread_.tid, PTRACE_O_TRACESYSGOOD) == 0;
        if (!seized_ || ptrace::interrupt(thread_.tid) != 0) {
            return false;
        }
        const auto stop = ptrace::waitFor(thread_.tid, kStopMs);
        if (!stop || stop->kind == ptrace::Stop::Kind::Gone) {
            seized_ = seized_ && stop && stop->kind != ptrace::Stop::Kind::Gone;
            return false;
        }
        thread_.stopped = true;
        thread_.signal = stop->signal;
        readRegisters(thread_);
        return !thread_.gone && thread_.signal == 0;
    }
    TracedThread& thread() { return thread_; }

private:
    TracedThread thread_;
    bool seized_ = false;
};

bool waitInTarget(pid_t tid, pid_t childInTarget, Address instruction) {
    OneThread one(tid);
    if (!one.stop()) {
        return false;
    }
    Injection injection(one.thread(), instruction);
    if (injection.begin() != 0) {
        return false;
    }
    const auto waited = injection.call(SYS_wait4, {static_cast<std::uint64_t>(childInTarget), 0, WNOHANG | kWaitAll, 0, 0, 0});
    injection.finish();
    // ECHILD: a waiting thread of the program with __WALL was faster; nothing is left either way.
    return waited && (*waited == childInTarget || *waited == -ECHILD);
}

} // namespace

ClonedProcess::ClonedProcess(const LiveProcess& live, const std::vector<TracedThread>& threads, SharedCopy shared,
                             pid_t child, pid_t childInTarget, pid_t injectedThread, Address instruction,
                             ProcessMemory memory, Pagemap pagemap)
    : FrozenImage(live, threads, std::move(shared)), child_(child), childInTarget_(childInTarget),
      injectedThread_(injectedThread), instruction_(instruction), memory_(std::move(memory)), pagemap_(std::move(pagemap)) {}

Result<void> ClonedProcess::release() {
    if (!isOwner() || child_ == 0) {
        return {};
    }
    return reapClone(pid(), std::exchange(child_, 0), childInTarget_, injectedThread_, instruction_);
}

Result<void> reapClone(pid_t pid, pid_t child, pid_t childInTarget, pid_t preferredThread, Address instruction) {
    const SignalShield shield;
    ::kill(child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, __WALL) < 0 && errno == EINTR) {
    }
    // As its tracer we have seen it die; now it is a zombie of its parent, the target.
    auto tasks = listTasks(pid);
    if (!tasks) {
        return {}; // the target is gone, and its zombies with it
    }
    if (const auto preferred = std::find(tasks->begin(), tasks->end(), preferredThread); preferred != tasks->end()) {
        std::iter_swap(tasks->begin(), preferred);
    }
    constexpr std::size_t kAttempts = 8;
    for (std::size_t i = 0; i < std::min(tasks->size(), kAttempts); ++i) {
        if (waitInTarget((*tasks)[i], childInTarget, instruction)) {
            return {};
        }
    }
    if (!listTasks(pid)) {
        return {};
    }
    return fail({ErrorCode::StopTimeout, "Removing the ended copy " + std::to_string(child) + " of process " + std::to_string(pid),
                 "no thread of it could be made to wait for it",
                 "It stays as a zombie without memory until the program ends.", 0});
}

} // namespace firstchance
