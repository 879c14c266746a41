#pragma once

#include <signal.h>

namespace firstchance {

//! \brief Blocks the calling thread's signals while a target stands: a polite kill of ours waits until it
//! runs again.
//!
//! Faults are not blocked: a blocked one kills at once, past the handlers that a fault of ours may have.
class SignalShield {
public:
    SignalShield() {
        sigset_t all;
        sigfillset(&all);
        for (const int fault : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS}) {
            sigdelset(&all, fault);
        }
        ::pthread_sigmask(SIG_BLOCK, &all, &before_);
    }
    SignalShield(const SignalShield&) = delete;
    SignalShield& operator=(const SignalShield&) = delete;
    ~SignalShield() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_{};
};

} // namespace firstchance
