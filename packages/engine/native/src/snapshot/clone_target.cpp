#include "snapshot/clone_target.h"

#include <elf.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "linux/memory_map.h"
#include "linux/priority.h"
#include "linux/proc_file.h"
#include "linux/ptrace.h"
#include "snapshot/injection.h"
#include "snapshot/registers.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kCloneOptions = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK;
constexpr std::uint64_t kCopyOptions = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD;
// CLONE_FILES: without it the copy would keep descriptors open that the program closes, and its peers would
// wait (and when the program ends: leaveDescriptors). No exit signal: the program sees no SIGCHLD, and its
// plain waits do not find the copy.
constexpr std::uint64_t kCloneFlags = CLONE_FILES | CLONE_FS;
// The copy never runs. Should we be killed between its birth and the option that makes it die with us, it
// would run the program a second time, on the same descriptors: with this stack pointer it dies at the first
// use of its stack instead. (The same option set on the thread beforehand would be inherited, but kill the
// program with us.)
constexpr std::uint64_t kNoStack = 16;

constexpr std::uint64_t kCloseRangeUnshare = 2; // CLOSE_RANGE_UNSHARE, Linux 5.9

tl::unexpected<Error> refused(const ProcessImage& target, int error) {
    return failSystem(
        ErrorCode::CloneRefused, "Making process " + std::to_string(target.pid()) + " clone itself", error,
        error == ENOMEM || error == EAGAIN
            ? "Its limits on memory or processes (cgroup, pids.max, RLIMIT_NPROC) leave no room for a copy."
            : "A seccomp filter of the process may forbid the call.");
}

Result<CloneOfTarget> inject(const ProcessImage& target, StoppedThreads& stopped, const InjectionPoint& point,
                             const InjectionMeans& means, CloneTimes& times) {
    TracedThread& thread = *point.thread;
    CloneOfTarget clone;
    clone.injectedThread = thread.tid;
    clone.means = means;
    std::int64_t start = 0;
    const std::function<void(pid_t)> atBirth = [&](pid_t child) {
        // The copy exists: those that ran go on at once. The others wait until this thread is whole again,
        // which keeps the time short in which a kill of ours would harm it.
        clone.child = child;
        times.clone = monotonicNanoseconds() - start;
        stopped.release(true, thread.tid);
        times.runningEnd = monotonicNanoseconds();
    };
    const ScopedPriorityBoost boost(thread.tid);
    Injection injection(target, point, means.home);
    if (const int error = ptrace::setOptions(thread.tid, kCloneOptions | means.options); error != 0) {
        return refused(target, error);
    }
    start = monotonicNanoseconds();
    if (const int error = injection.begin(); error != 0) {
        return refused(target, error);
    }
    const auto result = injection.call(SYS_clone, {kCloneFlags, kNoStack, 0, 0, 0, 0}, atBirth);
    const bool whole = injection.finish();
    times.window = injection.safe() ? 0 : monotonicNanoseconds() - start;
    if (!result) {
        return fail(result.error());
    }
    if (*result < 0) {
        return refused(target, static_cast<int>(-*result));
    }
    if (!whole && clone.child == 0) {
        return fail({ErrorCode::TargetGone, "Cloning process " + std::to_string(target.pid()),
                     "it ended meanwhile", "", 0});
    }
    clone.childInTarget = static_cast<pid_t>(*result);
    return clone;
}

//! \brief Makes the stopped copy let go of the descriptors it shares with the program, by the instruction
//! that made it. Else a program that ends while its copy is read, as one that crashes does, would keep its
//! sockets open until then: its peers would wait, and its successor could not have its port. False when the
//! copy is gone. Where the call is refused the descriptors stay shared.
bool leaveDescriptors(const ProcessImage& target, pid_t child) {
    TracedThread copy;
    copy.tid = child;
    if (ptrace::getRegisterSet(child, NT_PRSTATUS, &copy.registers, sizeof copy.registers) != 0) {
        return false;
    }
    const Address instruction =
        SystemCallRegisters::programCounter(copy.registers) - kSystemCallInstruction.size();
    // Nothing is begun that would have to be put back: the copy never runs, and its signals are blocked from
    // birth.
    const std::optional<HomeCode> noHome;
    Injection injection(target, {&copy, instruction}, noHome);
    return injection.call(SYS_close_range, {0, UINT32_MAX, kCloseRangeUnshare, 0, 0, 0}).has_value();
}

} // namespace

Result<CloneOfTarget> cloneTarget(const ProcessImage& target, StoppedThreads& stopped,
                                  const InjectionMeans& means, CloneTimes& times) {
    const auto point = chooseInjectionPoint(target, stopped.threads());
    auto clone =
        point ? inject(target, stopped, *point, means, times) : Result<CloneOfTarget>(fail(point.error()));
    const std::int64_t detach = monotonicNanoseconds();
    stopped.release(true, 0);
    if (times.runningEnd == 0) {
        times.runningEnd = monotonicNanoseconds();
    }
    stopped.release(false, 0);
    times.end = monotonicNanoseconds();
    times.detach = times.end - detach;
    if (clone) {
        // On a busy machine the copy waits for a core to stop on; nobody else waits for it here.
        clone->childStopped = ptrace::wait(clone->child).kind != ptrace::Stop::Kind::Gone &&
                              ptrace::setOptions(clone->child, kCopyOptions) == 0 &&
                              leaveDescriptors(target, clone->child);
    }
    return clone;
}

Result<std::unique_ptr<FrozenImage>> adoptClone(const CloneOfTarget& clone, const LiveProcess& live,
                                                const std::vector<TracedThread>& threads, SharedCopy shared) {
    const auto remove = [&](const Error& error) {
        double windowMs = 0;
        static_cast<void>(reapClone(live.pid(), clone, windowMs));
        return fail(error);
    };
    if (!clone.childStopped) {
        return remove({ErrorCode::CloneRefused,
                       "Waiting for the copy of process " + std::to_string(live.pid()),
                       "it was killed at once",
                       "The memory limit of its control group may leave no room for a copy.", 0});
    }
    const UniqueFd score(::open(procPath(clone.child, "oom_score_adj").c_str(), O_WRONLY | O_CLOEXEC));
    if (score.valid()) {
        static_cast<void>(::write(score.get(), "1000", 4) ==
                          4); // best effort: the copy goes first, never the program
    }
    auto memory = ProcessMemory::open(clone.child);
    if (!memory) {
        return remove(memory.error());
    }
    auto pagemap = Pagemap::open(clone.child);
    if (!pagemap) {
        return remove(pagemap.error());
    }
    const auto mappings = readMemoryMap(clone.child); // those of the freeze
    if (!mappings) {
        return remove(mappings.error());
    }
    memory->pin(clone.child);
    return std::make_unique<ClonedProcess>(live, *mappings, threads, std::move(shared), clone,
                                           std::move(*memory), std::move(*pagemap));
}

} // namespace firstchance
