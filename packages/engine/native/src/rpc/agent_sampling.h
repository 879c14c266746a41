#pragma once

#include "agent_host/agent_host.h"
#include "rpc/agent_requests.h"

namespace firstchance {

//! \brief `agents/sample`: which stacks allocate what survives, managed objects or native memory, by the
//! agent in a process.
class AgentSampling {
public:
    AgentSampling(Connection& connection, AgentRequests& requests)
        : connection_(connection), requests_(requests) {}

    //! \param host null: nothing is armed
    void start(const RequestId& id, const Json& params, AgentHost* host);
    void onSampled(const AgentSampled& outcome);

private:
    Connection& connection_;
    AgentRequests& requests_;
};

} // namespace firstchance
