#pragma once

#include "agent/agent.h"

namespace firstchance::agent {

//! \brief Initialize: the runtime starts with the agent in its environment. kFail, which the runtime takes in
//! silence, when there is no trusted control file or this is a process nobody wants to look at.
HResult startWithRuntime(Agent& agent, void* unknown);

//! \brief InitializeForAttach: \p controlPath is the client data. A process that has the agent already
//! follows the new control file.
HResult startByAttach(Agent& agent, void* unknown, Text controlPath);

//! \brief Shutdown: asks with the trigger "exit" if that is armed.
void endWithRuntime(Agent& agent);

} // namespace firstchance::agent
