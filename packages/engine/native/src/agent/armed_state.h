#pragma once

#include "agent/agent.h"

namespace firstchance::agent {

//! \brief Brings the runtime to what is armed: event mask (0 when nothing is), test session, crash hooks.
//! From Initialize or the agent's own thread; the mask may change at any time, so the agent never has to
//! detach. False when the runtime refused the mask.
bool applyMode(Agent& agent);

//! \brief From now on the collector's events come to FinalizerWatch, until the engine has gone. The session
//! stays, so that later collections see what happens between them. False when the runtime refuses it.
bool watchFinalizers(Agent& agent);

//! What AllocationSampler is told of: nothing, modules that are unloaded, these and allocations.
enum class AllocationWatch { None, Unloads, Allocations };

//! \brief False when the runtime refuses.
bool watchAllocations(Agent& agent, AllocationWatch watch);

} // namespace firstchance::agent
