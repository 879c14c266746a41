#pragma once

#include "agent/agent.h"

namespace firstchance::agent {

//! \brief Connects to the engine, says hello, and starts the agent's one thread if it does not run. False
//! when nobody listens.
bool startAgentThread(Agent& agent);

//! \brief Something was counted that the engine should hear of within some 200 ms.
void wakeAgentThread();

//! \brief Sends over the agent's own connection, waiting at most 100 ms; what cannot be sent is counted as
//! dropped.
void sendToEngine(const MessageWriter& message);

//! \brief Sends an exception report over a connection of its own, so that a flood of them does not keep back
//! tests; never waits; what cannot be sent is counted as dropped.
void sendLogged(const MessageWriter& message);

//! \brief Tells the engine what is still counted; at the end of the process.
void flushSkipped(Agent& agent);

} // namespace firstchance::agent
