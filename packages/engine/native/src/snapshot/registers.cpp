#include "snapshot/registers.h"

#include <sys/syscall.h>

#include <cerrno>

#include "linux/ptrace.h"

namespace firstchance {

#if defined(__x86_64__)

long SystemCallRegisters::number(pid_t, const GeneralRegisters& registers) {
    return static_cast<long>(registers.orig_rax);
}

long SystemCallRegisters::result(const GeneralRegisters& registers) {
    return static_cast<long>(registers.rax);
}

// orig_rax says it.
void SystemCallRegisters::forgetCall(pid_t) {}

Address SystemCallRegisters::programCounter(const GeneralRegisters& registers) {
    return Address(registers.rip);
}

void SystemCallRegisters::prepare(GeneralRegisters& registers, Address instruction, long number,
                                  const SystemCallArguments& arguments) {
    registers.rip = instruction.value();
    registers.rax = static_cast<unsigned long long>(number);
    registers.orig_rax = static_cast<unsigned long long>(-1); // no restart of the interrupted call
    registers.rdi = arguments[0];
    registers.rsi = arguments[1];
    registers.rdx = arguments[2];
    registers.r10 = arguments[3];
    registers.r8 = arguments[4];
    registers.r9 = arguments[5];
}

bool SystemCallRegisters::spuriouslyInterrupted(const GeneralRegisters& registers) {
    if (static_cast<long>(registers.rax) != -EINTR) {
        return false;
    }
    // A call with a finite time-out keeps its EINTR: a restart would begin the whole time-out anew.
    switch (static_cast<long>(registers.orig_rax)) {
    case SYS_epoll_wait:
    case SYS_epoll_pwait: return static_cast<int>(registers.r10) < 0;
    case SYS_epoll_pwait2: return registers.r10 == 0;
    case SYS_rt_sigtimedwait: return registers.rdx == 0;
    case SYS_semop: return true;
    case SYS_semtimedop: return registers.r10 == 0;
    case SYS_io_getevents: return registers.r8 == 0;
    default: return false;
    }
}

void SystemCallRegisters::restart(GeneralRegisters& registers) {
    registers.rax = static_cast<unsigned long long>(kRestartNoHandler);
}

int SystemCallRegisters::suitability(long number) {
    switch (number) {
    case SYS_futex: return 10;
    case SYS_read:
    case SYS_accept4: return 9;
    case SYS_epoll_wait:
    case SYS_poll: return 8;
    case SYS_nanosleep:
    case SYS_clock_nanosleep: return 5;
    // These wait with a signal mask of their own. The restart sets it again, but others are simpler.
    case SYS_rt_sigsuspend:
    case SYS_pause:
    case SYS_rt_sigtimedwait:
    case SYS_epoll_pwait:
    case SYS_ppoll:
    case SYS_pselect6: return 0;
    default: return number < 0 ? -1 : 1;
    }
}

#elif defined(__aarch64__)

namespace {
constexpr unsigned kSystemCallSet = 0x404; // NT_ARM_SYSTEM_CALL
} // namespace

long SystemCallRegisters::number(pid_t tid, const GeneralRegisters&) {
    int number = -1;
    return ptrace::getRegisterSet(tid, kSystemCallSet, &number, sizeof number) == 0 ? number : -1;
}

long SystemCallRegisters::result(const GeneralRegisters& registers) {
    return static_cast<long>(registers.regs[0]);
}

void SystemCallRegisters::forgetCall(pid_t tid) {
    const int none = -1;
    ptrace::setRegisterSet(tid, kSystemCallSet, &none, sizeof none);
}

Address SystemCallRegisters::programCounter(const GeneralRegisters& registers) {
    return Address(registers.pc);
}

void SystemCallRegisters::prepare(GeneralRegisters& registers, Address instruction, long number,
                                  const SystemCallArguments& arguments) {
    registers.pc = instruction.value();
    registers.regs[8] = static_cast<std::uint64_t>(number);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        registers.regs[i] = arguments[i];
    }
}

// At the stop the kernel has put pc back to the svc and x0 back already where it wants to restart; EINTR
// stays EINTR, because the first argument is gone (x0 holds the result).
bool SystemCallRegisters::spuriouslyInterrupted(const GeneralRegisters&) {
    return false;
}
void SystemCallRegisters::restart(GeneralRegisters&) {}

int SystemCallRegisters::suitability(long number) {
    switch (number) {
    case SYS_read:
    case SYS_accept4: return 10;
    // Timed waits begin anew after the restart.
    case SYS_futex: return 9;
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
    case SYS_rt_sigsuspend:
    case SYS_rt_sigtimedwait:
    case SYS_epoll_pwait:
    case SYS_ppoll:
    case SYS_pselect6: return 0;
    default: return number < 0 ? -1 : 1;
    }
}

#endif

} // namespace firstchance
