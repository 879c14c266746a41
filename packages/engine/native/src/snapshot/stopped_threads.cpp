#include "snapshot/stopped_threads.h"

#include <elf.h>
#include <sys/ptrace.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <unordered_set>

#include "linux/process_status.h"
#include "linux/ptrace.h"
#include "linux/task_list.h"

namespace firstchance {
namespace {

// Not O_TRACECLONE: it would attach threads born meanwhile by themselves, and the next scan's SEIZE of them fails.
constexpr std::uint64_t kOptions = PTRACE_O_TRACESYSGOOD;
constexpr int kReleaseWaitMs = 2000;
constexpr std::size_t kFloatCapacity = 2048;
constexpr std::size_t kExtraCapacity = 32 << 10; // XSAVE with AMX is 11 KB, SVE up to 17 KB

bool isEnding(char state) { return state == 'Z' || state == 'X' || state == '\0'; }

} // namespace

std::int64_t monotonicNanoseconds() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

void readRegisters(TracedThread& thread) {
    if (ptrace::getRegisterSet(thread.tid, NT_PRSTATUS, &thread.registers, sizeof thread.registers) != 0) {
        thread.gone = true;
        return;
    }
    thread.floatRegisters = ptrace::getRegisterSet(thread.tid, NT_PRFPREG, kFloatCapacity).value_or(std::vector<std::byte>());
    thread.extraRegisters.clear();
    for (const unsigned type : kExtraRegisterSets) {
        if (auto set = ptrace::getRegisterSet(thread.tid, type, kExtraCapacity)) {
            thread.extraRegisters.emplace_back(type, std::move(*set));
        }
    }
    if (thread.signal == 0 && SystemCallRegisters::spuriouslyInterrupted(thread.registers)) {
        GeneralRegisters repaired = thread.registers;
        SystemCallRegisters::restart(repaired);
        if (ptrace::setRegisterSet(thread.tid, NT_PRSTATUS, &repaired, sizeof repaired) == 0) {
            thread.registers = repaired;
        }
    }
}

tl::unexpected<Error> StoppedThreads::seizeError(pid_t tid, int error) const {
    const std::string what = "Attaching to thread " + std::to_string(tid) + " of process " + std::to_string(pid_);
    const auto status = readProcessStatus(pid_);
    if (!status) {
        return fail(status.error());
    }
    if (status->tracerPid != 0) {
        return fail({ErrorCode::AlreadyTraced, what, "process " + std::to_string(status->tracerPid) + " traces it already",
                     "Detach that debugger or profiler first.", error});
    }
    return failSystem(ErrorCode::PermissionDenied, what, error,
                      "Start the program under firstchance, run as its user, or allow ptrace (kernel.yama.ptrace_scope=0, "
                      "CAP_SYS_PTRACE, the container's seccomp profile).");
}

Result<bool> StoppedThreads::seizeNew() {
    const auto tasks = listTasks(pid_);
    if (!tasks) {
        return fail(tasks.error());
    }
    std::unordered_set<pid_t> known;
    for (const TracedThread& thread : threads_) {
        known.insert(thread.tid);
    }
    bool any = false;
    for (const pid_t tid : *tasks) {
        if (known.contains(tid)) {
            continue;
        }
        if (const int error = ptrace::seize(tid, kOptions); error != 0) {
            // ESRCH and EPERM are also what a thread answers that is just ending.
            if (error == ESRCH || isEnding(readTaskState(pid_, tid))) {
                continue;
            }
            return seizeError(tid, error);
        }
        TracedThread thread;
        thread.tid = tid;
        thread.state = readTaskState(pid_, tid);
        thread.running = thread.state != 'S';
        threads_.push_back(std::move(thread));
        any = true;
    }
    return any;
}

Result<void> StoppedThreads::waitStopped(TracedThread& thread, std::int64_t deadline) {
    const std::int64_t leftMs = std::max<std::int64_t>((deadline - monotonicNanoseconds()) / 1'000'000, 0);
    const auto stop = ptrace::waitFor(thread.tid, static_cast<int>(leftMs));
    if (!stop) {
        return fail({ErrorCode::StopTimeout, "Stopping thread " + std::to_string(thread.tid) + " of process " + std::to_string(pid_),
                     std::string("it did not stop in time (state ") + readTaskState(pid_, thread.tid) +
                         "); a thread in the kernel that cannot be interrupted, such as in vfork, is waited for",
                     "Try again.", 0});
    }
    if (stop->kind == ptrace::Stop::Kind::Gone) {
        thread.gone = true;
        return {};
    }
    thread.stopped = true;
    thread.signal = stop->signal;
    return {};
}

Result<void> StoppedThreads::stopPhase(bool running, std::int64_t deadline) {
    for (TracedThread& thread : threads_) {
        if (thread.running == running && !thread.stopped && !thread.gone) {
            // ESRCH: it ended since. The wait below sees that.
            ptrace::interrupt(thread.tid);
        }
    }
    for (TracedThread& thread : threads_) {
        if (thread.running != running || thread.stopped || thread.gone) {
            continue;
        }
        if (auto waited = waitStopped(thread, deadline); !waited) {
            return waited;
        }
        if (!running && thread.stopped) {
            readRegisters(thread); // while the running ones still run
        }
    }
    return {};
}

Result<void> StoppedThreads::stopAll(std::chrono::milliseconds timeout) {
    threads_.clear();
    if (auto seized = seizeNew(); !seized) {
        releaseAll();
        return fail(seized.error());
    }
    firstInterrupt_ = monotonicNanoseconds();
    const std::int64_t deadline = firstInterrupt_ + std::chrono::nanoseconds(timeout).count();
    auto stopped = stopPhase(false, deadline);
    firstRunningInterrupt_ = monotonicNanoseconds();
    while (stopped) {
        stopped = stopPhase(true, deadline);
        if (!stopped) {
            break;
        }
        // A thread that was running may have created another before it stopped.
        const auto seized = seizeNew();
        if (!seized) {
            stopped = fail(seized.error());
        } else if (!*seized) {
            break;
        } else {
            for (TracedThread& thread : threads_) {
                thread.running = thread.running || !thread.stopped;
            }
        }
    }
    if (!stopped) {
        releaseAll();
        return stopped;
    }
    for (TracedThread& thread : threads_) {
        if (thread.running && thread.stopped) {
            readRegisters(thread);
        }
    }
    std::erase_if(threads_, [](const TracedThread& thread) { return thread.gone; });
    if (threads_.empty()) {
        return fail({ErrorCode::TargetGone, "Stopping process " + std::to_string(pid_), "it ended meanwhile", "", 0});
    }
    return {};
}

void StoppedThreads::releaseOne(TracedThread& thread) {
    if (thread.stopped) {
        ptrace::detach(thread.tid, thread.signal);
        thread.stopped = false;
        thread.gone = true; // of no more concern
    }
}

void StoppedThreads::release(bool running, pid_t except) {
    for (TracedThread& thread : threads_) {
        if (thread.running == running && thread.tid != except) {
            releaseOne(thread);
        }
    }
}

void StoppedThreads::releaseAll() {
    for (TracedThread& thread : threads_) {
        releaseOne(thread);
    }
    for (TracedThread& thread : threads_) {
        // Seized but not stopped: ending the trace by our exit would lose a signal that is being delivered right then.
        if (!thread.gone && ptrace::interrupt(thread.tid) == 0) {
            const auto stop = ptrace::waitFor(thread.tid, kReleaseWaitMs);
            if (stop && stop->kind != ptrace::Stop::Kind::Gone) {
                ptrace::detach(thread.tid, stop->signal);
            }
        }
    }
    threads_.clear();
}

} // namespace firstchance
