#pragma once

#include "agent/agent.h"
#include "agent/deadline.h"
#include "agent/protocol.h"

namespace firstchance::agent {

//! \brief What collections came to.
struct CollectOutcome {
    HResult result = kOk; //!< negative: the runtime refused
    std::uint32_t collections = 0;
    FinalizerState finalizers = FinalizerState::Drained;
};

//! \brief Does blocking full collections, at least two, until finalizers have nothing left or \p deadline
//! comes. On the agent's own thread only, as collectGarbage().
[[nodiscard]] CollectOutcome collectUntilQuiet(Agent& agent, const Deadline& deadline);

//! \brief Does blocking full collections and lets finalizers run in between, then tells the engine.
//!
//! On the agent's own thread only: the runtime refuses ForceGC on a thread that is in a callback, and makes
//! the thread that calls it one of its own. A collection cannot be stopped; \p timeoutMs bounds the waits for
//! finalizers.
void collectGarbage(Agent& agent, std::uint64_t sequence, std::uint32_t timeoutMs);

} // namespace firstchance::agent
