#pragma once

#include <signal.h>

namespace firstchance {

//! \brief Blocks the calling thread's signals while a target stands: a polite kill of ours waits until it runs again.
class SignalShield {
public:
    SignalShield() {
        sigset_t all;
        sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    SignalShield(const SignalShield&) = delete;
    SignalShield& operator=(const SignalShield&) = delete;
    ~SignalShield() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_{};
};

} // namespace firstchance
