#pragma once

#include "agent/agent.h"

namespace firstchance::agent {

//! \brief ICorProfilerCallback::ExceptionThrown: on the throwing thread, before a handler is looked for. The
//! thread is in cooperative mode: the object does not move, and every collection of the process waits until
//! this returns.
void onExceptionThrown(Agent& agent, ObjectId exception);

//! \brief A handler was found for the last exception of this thread.
void onHandlerFound();

} // namespace firstchance::agent
