#pragma once

#include <cstdint>

namespace firstchance::agent {

//! \brief Addresses of the part of a thread's stack that may hold frames; empty (0, 0) when unknown.
struct StackBounds {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;

    [[nodiscard]] bool contains(std::uintptr_t address) const { return address >= begin && address < end; }
};

//! \brief The bounds of the caller's own stack; empty when the caller runs on another one (that of a signal,
//! of a coroutine). Async-signal-safe, and needs 1 KB of stack: pthread_getattr_np would allocate memory.
[[nodiscard]] StackBounds ownStackBounds();

//! \brief Whether the caller runs on its thread's own stack, not on an alternate one. True when it cannot be
//! told. Async-signal-safe.
[[nodiscard]] bool isOnOwnStack();

} // namespace firstchance::agent
