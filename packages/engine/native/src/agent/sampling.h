#pragma once

#include "agent/agent.h"
#include "agent/protocol.h"

namespace firstchance::agent {

//! \brief Does what the engine asks of the sampling of allocations, and answers with Sampled. On the agent's
//! own thread only.
//!
//! Start: from now on the runtime picks allocations. Report: no more are picked, garbage is collected with
//! finalizers (\p timeoutMs bounds the waits for those), and each stack that allocated survivors is told
//! before the answer; then everything is as it was before. Stop: the same without telling.
//! \p connection is the engine's: what an earlier one has left running ends first.
void sampleAllocations(Agent& agent, SampleAction action, std::uint64_t sequence, std::uint32_t timeoutMs,
                       std::uint64_t connection);

//! \brief Nobody wants the samples any more.
void abandonSamples(Agent& agent);

} // namespace firstchance::agent
