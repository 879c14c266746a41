#pragma once

namespace firstchance::agent {

//! \brief Whether the caller runs on its thread's own stack, not on an alternate one. True when it cannot be
//! told. Async-signal-safe, and needs 1 KB of stack: pthread_getattr_np would allocate memory.
[[nodiscard]] bool isOnOwnStack();

} // namespace firstchance::agent
