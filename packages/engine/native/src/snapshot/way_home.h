#pragma once

#include <cstdint>
#include <optional>

#include "base/process_image.h"
#include "snapshot/stopped_threads.h"

namespace firstchance {

//! \brief Two pieces of code in the target's C library by which a thread finds back without a tracer.
struct HomeCode {
    Address callAndReturn; //!< a system call instruction with a return right behind it
    Address signalReturn;  //!< what signal handlers return to: rt_sigreturn(2)
};

//! \brief Searches the C library. Nothing where there is none (static programs), or no such way (arm64).
[[nodiscard]] std::optional<HomeCode> findHomeCode(const ProcessImage& target);

//! \brief How a thread that does a call for us puts itself back when its tracer is killed meanwhile.
//!
//! Below the thread's stack, past the red zone, lies the frame of a signal that never came: the kernel's own
//! record of all registers and the mask (arch/x86/kernel/signal_64.c, rt_sigreturn). The call's instruction
//! returns into rt_sigreturn, and so the thread is where it was, whoever is left to see it. What our restore
//! does better: a call with a relative time-out returns EINTR, since rt_sigreturn forgets how to continue it.
class WayHome {
public:
    //! \brief Writes the frame into memory that the thread does not use. Nothing when that is not sure to be
    //! such memory, cannot be written, or registers of the thread would be lost; then nothing was changed.
    static std::optional<WayHome> lay(const ProcessImage& target, const HomeCode& code,
                                      const TracedThread& thread, std::uint64_t mask);

    //! \brief Registers with which the thread does nothing but go home.
    [[nodiscard]] GeneralRegisters leaving(const GeneralRegisters& registers) const;
    //! \brief Makes registers of a call ones that go home behind it.
    void behind(GeneralRegisters& registers) const;
    [[nodiscard]] Address instruction() const { return code_.callAndReturn; }

private:
    WayHome(const HomeCode& code, Address frame) : code_(code), frame_(frame) {}

    HomeCode code_;
    Address frame_;
};

} // namespace firstchance
