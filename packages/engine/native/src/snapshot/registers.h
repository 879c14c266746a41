#pragma once

#include <sys/user.h>

#include <array>
#include <cstddef>
#include <cstdint>

#if defined(__aarch64__)
#include <asm/ptrace.h>
#endif

#include "base/address.h"

namespace firstchance {

#if defined(__x86_64__)
using GeneralRegisters = user_regs_struct;
//! \brief syscall
inline constexpr std::array<std::uint8_t, 2> kSystemCallInstruction = {0x0f, 0x05};
#elif defined(__aarch64__)
using GeneralRegisters = user_pt_regs;
//! \brief svc #0
inline constexpr std::array<std::uint8_t, 4> kSystemCallInstruction = {0x01, 0x00, 0x00, 0xd4};
#endif

//! \brief Results of an interrupted call that the kernel begins anew (<linux/errno.h> of the kernel: not for
//! user space). A tracer sees them.
inline constexpr long kRestartSystemCall = -512;  // ERESTARTSYS
inline constexpr long kRestartNoInterrupt = -513; // ERESTARTNOINTR
inline constexpr long kRestartNoHandler = -514;   // ERESTARTNOHAND
inline constexpr long kRestartBlock = -516;       // ERESTART_RESTARTBLOCK

using SystemCallArguments = std::array<std::uint64_t, 6>;

//! \brief A thread's registers as one system call sees them. All that differs between the architectures is in
//! this file.
struct SystemCallRegisters {
    //! \brief The call the thread is blocked in, -1 in user mode.
    static long number(pid_t tid, const GeneralRegisters& registers);
    static long result(const GeneralRegisters& registers);
    static Address programCounter(const GeneralRegisters& registers);
    //! \brief Makes the thread do one call from the instruction at \p instruction when it runs on.
    static void prepare(GeneralRegisters& registers, Address instruction, long number,
                        const SystemCallArguments& arguments);
    //! \brief The kernel does nothing of its own about the call the thread was blocked in when it runs on,
    //! such as restarting it: where that is no matter of the registers above.
    static void forgetCall(pid_t tid);
    //! \brief Whether a stop at this point made a call return EINTR that would not have returned, although no
    //! handler ran and it has no time-out: then it may be restarted unseen (signal(7), "Interruption of
    //! system calls … by stop signals").
    static bool spuriouslyInterrupted(const GeneralRegisters& registers);
    //! \brief Makes the kernel restart that call when the thread runs on.
    static void restart(GeneralRegisters& registers);
    //! \brief How well a thread blocked in this call is suited to do another one; negative: not at all.
    static int suitability(long number);
};

//! \brief NT_X86_XSTATE: vector registers and the like.
inline constexpr unsigned kExtendedStateSet = 0x202;

//! \brief Register sets beside the general and floating point ones, by note type.
#if defined(__x86_64__)
inline constexpr std::array<unsigned, 1> kExtraRegisterSets = {kExtendedStateSet};
#elif defined(__aarch64__)
inline constexpr std::array<unsigned, 3> kExtraRegisterSets = {0x401, 0x406, 0x405}; // TLS, PAC mask, SVE
#endif

} // namespace firstchance
