#include "snapshot/stopped_threads.h"

#include <elf.h>
#include <sys/ptrace.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <optional>
#include <unordered_set>

#include "linux/priority.h"
#include "linux/process_status.h"
#include "linux/ptrace.h"
#include "linux/refusal.h"
#include "linux/task_list.h"

namespace firstchance {
namespace {

// Not O_TRACECLONE: it would attach threads born meanwhile by themselves, and the next scan's SEIZE of them
// fails.
constexpr std::uint64_t kOptions = PTRACE_O_TRACESYSGOOD;
constexpr int kReleaseWaitMs = 500;
constexpr int kLookMs = 5;
constexpr int kMaximumScans = 10;
constexpr std::size_t kFloatCapacity = 2048;
constexpr std::size_t kExtraCapacity = 32 << 10; // XSAVE with AMX is 11 KB, SVE up to 17 KB

bool isEnding(char state) {
    return state == 'Z' || state == 'X' || state == '\0';
}

} // namespace

std::int64_t monotonicNanoseconds() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

void readRegisters(TracedThread& thread) {
    const int error =
        ptrace::getRegisterSet(thread.tid, NT_PRSTATUS, &thread.registers, sizeof thread.registers);
    if (error != 0) {
        thread.foreign = error == EINVAL;
        thread.gone = !thread.foreign;
        return;
    }
    thread.read = true;
    thread.floatRegisters =
        ptrace::getRegisterSet(thread.tid, NT_PRFPREG, kFloatCapacity).value_or(std::vector<std::byte>());
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

StoppedThreads::Phase StoppedThreads::phaseOf(const TracedThread& thread) {
    return thread.state == 'D' ? Phase::Uninterruptible : (thread.running ? Phase::Running : Phase::Sleeping);
}

// The common case costs one look per process, not one per thread: this may run while the target stands.
pid_t StoppedThreads::namespaceTid(pid_t tid) {
    if (!otherNamespace_) {
        const auto process = readProcessStatus(pid_);
        otherNamespace_ = process && process->namespacePid != pid_;
    }
    if (!*otherNamespace_) {
        return tid;
    }
    const auto status = readProcessStatus(tid);
    return status ? status->namespacePid : tid;
}

Result<bool> StoppedThreads::seizeNew() {
    const auto tasks = listTasks(pid_);
    if (!tasks) {
        return fail(tasks.error());
    }
    listed_ = tasks->size();
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
            return fail(explainRefusal(
                tid, "Attaching to thread " + std::to_string(tid) + " of process " + std::to_string(pid_),
                error));
        }
        TracedThread thread;
        thread.tid = tid;
        thread.namespaceTid = namespaceTid(tid);
        thread.name = readTaskName(pid_, tid);
        thread.state = readTaskState(pid_, tid);
        thread.running = thread.state != 'S';
        threads_.push_back(std::move(thread));
        any = true;
    }
    return any;
}

Result<void> StoppedThreads::waitStopped(TracedThread& thread, std::int64_t deadline) {
    std::optional<ptrace::Stop> stop;
    std::optional<ScopedPriorityBoost> boost;
    while (!stop) {
        const std::int64_t leftMs =
            std::max<std::int64_t>((deadline - monotonicNanoseconds()) / 1'000'000, 0);
        stop = ptrace::waitFor(thread.tid, static_cast<int>(std::min<std::int64_t>(leftMs, kLookMs)));
        if (stop) {
            break;
        }
        const char state = readTaskState(pid_, thread.tid);
        if (isEnding(state)) {
            // A leader that ended before its threads is reported to nobody (kernel/exit.c,
            // delay_group_leader).
            stop = ptrace::Stop{};
        } else if (leftMs > 0) {
            // It needs a core to reach its stop, and on a busy machine may wait for one while all others
            // stand.
            if (!boost) {
                boost.emplace(thread.tid);
            }
        } else {
            return fail(
                {ErrorCode::StopTimeout,
                 "Stopping thread " + std::to_string(thread.tid) + " of process " + std::to_string(pid_),
                 std::string("it did not stop in time (state ")
                     .append(1, state)
                     .append("); a thread in the kernel that cannot be interrupted, such as in vfork or on a "
                             "dead "
                             "network disk, is waited for"),
                 "Try again.", 0});
        }
    }
    if (stop->kind == ptrace::Stop::Kind::Gone) {
        thread.gone = true;
        return {};
    }
    thread.stopped = true;
    thread.signal = stop->signal;
    if (firstInterrupt_ == 0) {
        firstInterrupt_ = monotonicNanoseconds();
    }
    return {};
}

Result<void> StoppedThreads::stopPhase(Phase phase, std::int64_t deadline) {
    const auto concerned = [phase](const TracedThread& thread) {
        return phaseOf(thread) == phase && !thread.stopped && !thread.gone;
    };
    if (phase != Phase::Uninterruptible && firstInterrupt_ == 0) {
        firstInterrupt_ = monotonicNanoseconds();
    }
    for (TracedThread& thread : threads_) {
        if (concerned(thread)) {
            // ESRCH: it ended since. The wait below sees that.
            ptrace::interrupt(thread.tid);
        }
    }
    for (TracedThread& thread : threads_) {
        if (!concerned(thread)) {
            continue;
        }
        if (auto waited = waitStopped(thread, deadline); !waited) {
            return waited;
        }
        if (phase != Phase::Running && thread.stopped) {
            readRegisters(thread); // while the running ones still run
        }
    }
    return {};
}

Result<void> StoppedThreads::stopRunning(std::int64_t deadline) {
    firstRunningInterrupt_ = monotonicNanoseconds();
    for (int quietScans = 0;;) {
        if (auto stopped = stopPhase(Phase::Running, deadline); !stopped) {
            return stopped;
        }
        // A thread that was running may have created another before it stopped.
        const auto seized = seizeNew();
        if (!seized) {
            return fail(seized.error());
        }
        if (*seized) {
            for (TracedThread& thread : threads_) {
                if (!thread.stopped) {
                    thread.running = true;
                    thread.state = 'R';
                }
            }
            continue;
        }
        // The listing ends early when a thread dies under it (fs/proc/base.c, next_tid): it must account for
        // all.
        const auto status = readProcessStatus(pid_);
        if (!status || ++quietScans > kMaximumScans || listed_ >= static_cast<std::size_t>(status->threads)) {
            return {};
        }
    }
}

Result<void> StoppedThreads::readAll() {
    for (TracedThread& thread : threads_) {
        if (thread.stopped && !thread.read && !thread.gone) {
            readRegisters(thread);
        }
        if (thread.foreign) {
            return fail({ErrorCode::Unsupported, "Reading the registers of process " + std::to_string(pid_),
                         "it is a 32 bit program", "Only 64 bit programs can be captured.", 0});
        }
    }
    std::erase_if(threads_, [](const TracedThread& thread) { return thread.gone; });
    if (threads_.empty()) {
        return fail(
            {ErrorCode::TargetGone, "Stopping process " + std::to_string(pid_), "it ended meanwhile", "", 0});
    }
    return {};
}

Result<void> StoppedThreads::stopAll(std::chrono::milliseconds timeout) {
    threads_.clear();
    firstInterrupt_ = 0;
    Result<void> stopped;
    if (const auto seized = seizeNew(); !seized) {
        stopped = fail(seized.error());
    }
    const std::int64_t deadline = monotonicNanoseconds() + std::chrono::nanoseconds(timeout).count();
    for (const Phase phase : {Phase::Uninterruptible, Phase::Sleeping}) {
        stopped = stopped ? stopPhase(phase, deadline) : stopped;
    }
    stopped = stopped ? stopRunning(deadline) : stopped;
    stopped = stopped ? readAll() : stopped;
    if (!stopped) {
        releaseAll();
    }
    return stopped;
}

void StoppedThreads::releaseOne(TracedThread& thread) {
    if (thread.stopped) {
        if (!thread.read && !thread.gone) {
            readRegisters(thread); // repairs an interrupted call
        }
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
    const std::int64_t deadline = monotonicNanoseconds() + kReleaseWaitMs * 1'000'000LL;
    for (TracedThread& thread : threads_) {
        // Seized but not stopped: a detach needs a stop. What does not stop in time is let go when our thread
        // ends, which loses a signal only if one is being delivered right then.
        if (!thread.gone && ptrace::interrupt(thread.tid) == 0) {
            const std::int64_t leftMs =
                std::max<std::int64_t>((deadline - monotonicNanoseconds()) / 1'000'000, 1);
            const auto stop = ptrace::waitFor(thread.tid, static_cast<int>(leftMs));
            if (stop && stop->kind != ptrace::Stop::Kind::Gone) {
                thread.stopped = true;
                thread.signal = stop->signal;
                releaseOne(thread);
            }
        }
    }
    threads_.clear();
}

} // namespace firstchance
