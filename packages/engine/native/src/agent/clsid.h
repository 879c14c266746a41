#pragma once

#include "agent/clr_api.h"

namespace firstchance::agent {

//! The same number as text, for the environment: kAgentClsid of the agent host.
inline constexpr Guid kAgentClassId = {
    0x5C1A2F7E, 0x93D4, 0x4B60, {0x8E, 0x1B, 0x6F, 0x0C, 0x7D, 0x29, 0xA4, 0xE3}};

} // namespace firstchance::agent
