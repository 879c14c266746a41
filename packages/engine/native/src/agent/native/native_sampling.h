#pragma once

#include "agent/agent.h"
#include "agent/protocol.h"

namespace firstchance::agent {

//! \brief Does what the engine asks of the sampling of native memory, and answers with Sampled. On the
//! agent's own thread only.
//!
//! Start: the hooks go in. Report: garbage is collected with finalizers (\p timeoutMs bounds the waits for
//! those), the hooks go out, and each stack that took what is still live is told before the answer. Stop: the
//! hooks go out. \p connection is the engine's: what an earlier one has left running ends first.
void sampleNative(Agent& agent, SampleAction action, std::uint64_t sequence, std::uint32_t timeoutMs,
                  std::uint32_t period, std::uint64_t connection);

//! \brief Nobody wants it any more.
void abandonNative(Agent& agent);

} // namespace firstchance::agent
