#pragma once

#include "agent/agent.h"

namespace firstchance::agent {

//! \brief Puts the hooks in place and takes them out again. On the agent's thread only.
//! \param period see NativeRecorder::begin()
//! \returns a negative HRESULT when it cannot be done here
[[nodiscard]] HResult armNativeHooks(Agent& agent, std::uint64_t period);

//! \brief Ends recording and restores every word. False when what was recorded must not be read.
bool disarmNativeHooks(Agent& agent);

} // namespace firstchance::agent
