#pragma once

#include <span>
#include <variant>

#include "agent_host/agent_events.h"

namespace firstchance {

//! \brief An ask as it came: the agent's own number for it beside what the engine sees.
struct ReceivedAsk {
    std::uint64_t sequence = 0;
    AgentAsk ask;
};

//! \brief One site of the report with this sequence.
struct ReceivedSurvivors {
    std::uint64_t sequence = 0;
    AllocationSite site;
};

//! \brief One native site of the report with this sequence.
struct ReceivedNativeSurvivors {
    std::uint64_t sequence = 0;
    NativeSite site;
};

//! \brief A message of an agent; monostate when it is none. Process ids are not filled in: the kernel tells
//! them.
using AgentMessage =
    std::variant<std::monostate, AgentConnected, ReceivedAsk, AgentException, AgentTest, AgentSkipped,
                 AgentCollected, ReceivedSurvivors, ReceivedNativeSurvivors, AgentSampled>;

//! \brief Reads one packet. Nothing in it is trusted: any bytes give a message or monostate.
[[nodiscard]] AgentMessage parseAgentMessage(std::span<const unsigned char> packet);

} // namespace firstchance
