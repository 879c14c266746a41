#include "snapshot/injection.h"

#include <elf.h>
#include <string.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "linux/ptrace.h"
#include "snapshot/code_pattern.h"

namespace firstchance {
namespace {

//! \brief The instruction of the call a thread is blocked in: right before its program counter, or, where the
//! kernel has moved the counter back for a restart (arm64), at it.
Address ownInstruction(const ProcessImage& target, const TracedThread& thread) {
    const Address counter = SystemCallRegisters::programCounter(thread.registers);
    const Address before = counter - kSystemCallInstruction.size();
    if (isSystemCallInstruction(target, before)) {
        return before;
    }
#if defined(__aarch64__)
    if (isSystemCallInstruction(target, counter)) {
        return counter;
    }
#endif
    return {};
}

Address findInVdso(const ProcessImage& target) {
    for (const Mapping& mapping : target.mappings()) {
        if (mapping.path == "[vdso]") {
            return findCode(readCode(target, mapping), mapping.range.begin, kSystemCallInstruction);
        }
    }
    return {};
}

} // namespace

bool isSystemCallInstruction(const ProcessImage& target, Address address) {
    return codeStandsAt(target, address, kSystemCallInstruction);
}

Result<InjectionPoint> chooseInjectionPoint(const ProcessImage& target, std::vector<TracedThread>& threads) {
    InjectionPoint best;
    int bestScore = -1;
    for (TracedThread& thread : threads) {
        // A thread caught at the delivery of a signal has that signal to handle first.
        if (!thread.stopped || thread.signal != 0) {
            continue;
        }
        const int score =
            SystemCallRegisters::suitability(SystemCallRegisters::number(thread.tid, thread.registers));
        if (score <= bestScore) {
            continue;
        }
        const Address instruction = ownInstruction(target, thread);
        if (!instruction.isNull()) {
            best = {&thread, instruction};
            bestScore = score;
        }
    }
    if (best.thread != nullptr) {
        return best;
    }
    const Address instruction = findInVdso(target);
    if (!instruction.isNull()) {
        for (TracedThread& thread : threads) {
            if (thread.stopped && thread.signal == 0) {
                best = best.thread == nullptr ? InjectionPoint{&thread, instruction} : best;
                if (SystemCallRegisters::number(thread.tid, thread.registers) < 0) {
                    return InjectionPoint{&thread, instruction};
                }
            }
        }
        if (best.thread != nullptr) {
            return best; // in a call, but by another instruction
        }
    }
    return fail({ErrorCode::CloneRefused,
                 "Choosing a thread of process " + std::to_string(target.pid()) + " for the clone",
                 "no thread is in a state in which it can do a system call for us", "", 0});
}

// A storm of signals must not keep the target standing for ever.
constexpr int kMaxRestarts = 100;

tl::unexpected<Error> Injection::broken(const char* step) const {
    return fail({ErrorCode::TargetGone, "Injecting a system call into thread " + std::to_string(thread_.tid),
                 std::string("the thread ended while ") + step, "", 0});
}

int Injection::begin() {
    if (const int error = ptrace::getSignalMask(thread_.tid, mask_); error != 0) {
        return error;
    }
    if (code_) {
        home_ = WayHome::lay(target_, *code_, thread_, mask_);
    }
    // Before the mask: from here on a kill of ours sends the thread home, mask included.
    if (home_ && !setRegisters(home_->leaving(thread_.registers))) {
        return ESRCH;
    }
    const int error = ptrace::setSignalMask(thread_.tid, ~0ULL);
    begun_ = error == 0;
    if (home_ && !begun_) {
        setRegisters(thread_.registers);
    }
    return error;
}

bool Injection::setRegisters(const GeneralRegisters& registers) {
    return ptrace::setRegisterSet(thread_.tid, NT_PRSTATUS, &registers, sizeof registers) == 0;
}

Result<long> Injection::call(long number, const SystemCallArguments& arguments,
                             const std::function<void(pid_t)>& onEvent) {
    GeneralRegisters registers = thread_.registers;
    SystemCallRegisters::prepare(registers, home_ ? home_->instruction() : instruction_, number, arguments);
    if (home_) {
        home_->behind(registers);
    }
    called_ = true;
    if (!setRegisters(registers)) {
        return broken("its registers were set");
    }
    SystemCallRegisters::forgetCall(thread_.tid);
    bool entered = false;
    int restarts = 0;
    for (;;) {
        if (ptrace::resumeToSystemCall(thread_.tid) != 0) {
            return broken("it was resumed");
        }
        const ptrace::Stop stop = ptrace::wait(thread_.tid);
        switch (stop.kind) {
        case ptrace::Stop::Kind::SystemCall:
            if (entered) {
                if (ptrace::getRegisterSet(thread_.tid, NT_PRSTATUS, &registers, sizeof registers) != 0) {
                    return broken("its registers were read");
                }
                const long result = SystemCallRegisters::result(registers);
                // A clone that found something pending has done nothing yet and is begun again
                // (kernel/fork.c, copy_process). A SIGCONT does that to a traced thread even when it is
                // blocked: the tracer is notified (kernel/signal.c, prepare_signal).
                if (result != kRestartNoInterrupt || ++restarts > kMaxRestarts) {
                    return result;
                }
                // The kernel makes the thread enter the call again when it runs on.
                entered = false;
                break;
            }
            entered = true;
            break;
        case ptrace::Stop::Kind::Clone: {
            unsigned long child = 0;
            ptrace::getEventMessage(thread_.tid, child);
            if (onEvent) {
                onEvent(static_cast<pid_t>(child));
            }
            break;
        }
        case ptrace::Stop::Kind::Gone: return broken("the call ran");
        case ptrace::Stop::Kind::Signal:
            // Blocked signals do not stop it; a SIGSTOP from outside does, and is handed back at the end.
            thread_.signal = stop.signal;
            break;
        case ptrace::Stop::Kind::EventStop:
        case ptrace::Stop::Kind::Other: break;
        }
    }
}

bool Injection::waitForEventStop() {
    for (;;) {
        if (ptrace::resume(thread_.tid, 0) != 0) {
            return false;
        }
        const ptrace::Stop stop = ptrace::wait(thread_.tid);
        if (stop.kind == ptrace::Stop::Kind::EventStop) {
            return true;
        }
        if (stop.kind == ptrace::Stop::Kind::Gone) {
            return false;
        }
        if (stop.kind == ptrace::Stop::Kind::Signal) {
            thread_.signal = stop.signal;
        }
    }
}

bool Injection::finish() {
    if (!begun_) {
        return true;
    }
    begun_ = false;
    const pid_t tid = thread_.tid;
    if (!home_) {
        return finishWithoutHome();
    }
    // The interrupt is pending when the thread runs on, so it stops again before its first instruction, which
    // would take it home. Its mask comes first: a kill of ours in between takes it home too.
    const bool stopped = !called_ || (ptrace::interrupt(tid) == 0 && waitForEventStop());
    if (!stopped || ptrace::setSignalMask(tid, mask_) != 0 || !setRegisters(thread_.registers)) {
        thread_.stopped = false;
        thread_.gone = true;
        return false;
    }
    return true;
}

bool Injection::finishWithoutHome() {
    const pid_t tid = thread_.tid;
    if (called_) {
        const bool stopped = ptrace::interrupt(tid) == 0 && setRegisters(thread_.registers) &&
                             waitForEventStop() && setRegisters(thread_.registers);
        if (!stopped) {
            thread_.stopped = false;
            thread_.gone = true;
            return false;
        }
    }
    return ptrace::setSignalMask(tid, mask_) == 0;
}

} // namespace firstchance
