#pragma once

#include "agent/agent.h"

namespace firstchance::agent {

//! \brief Does blocking full collections and lets finalizers run in between, then tells the engine.
//!
//! On the agent's own thread only: the runtime refuses ForceGC on a thread that is in a callback, and makes
//! the thread that calls it one of its own. A collection cannot be stopped; \p timeoutMs bounds the waits for
//! finalizers.
void collectGarbage(Agent& agent, std::uint64_t sequence, std::uint32_t timeoutMs);

} // namespace firstchance::agent
