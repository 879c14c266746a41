#pragma once

#include "agent/agent.h"

namespace firstchance::agent {

//! \brief Puts the agent before the two calls through which a runtime's process dies of itself: abort()
//! (unhandled exception, FailFast, stack overflow) and sigaction(SIGSEGV …, SIG_DFL), by which the runtime
//! gives a fault in native code back to the kernel. Both are asked about with the trigger "unhandled", then
//! go on exactly as they would have.
//!
//! The runtime offers profilers no callback for this. False when the runtime's imports could not be changed.
bool installCrashHooks(Agent& agent);

} // namespace firstchance::agent
