#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "agent_host/agent_host.h"

namespace firstchance {

//! \brief The parameters of `agents/arm`.
struct AgentSetup {
    std::string controlPath;
    std::string socketPath;
    AgentFilter filter;
    int maxFrozen = 2;
};

[[nodiscard]] Result<AgentSetup> parseAgentSetup(const nlohmann::json& params);

//! \brief `{ clsid, path, dataBase64 }` for AttachProfiler.
[[nodiscard]] nlohmann::json attachPayloadToJson(const AgentHost& host);

} // namespace firstchance
