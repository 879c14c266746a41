#pragma once

#include "agent_host/agent_host.h"
#include "rpc/agent_requests.h"

namespace firstchance {

//! \brief `agents/collect`: collections by the agent in a process.
class AgentCollections {
public:
    AgentCollections(Connection& connection, AgentRequests& requests)
        : connection_(connection), requests_(requests) {}

    //! \param host null: nothing is armed
    void start(const RequestId& id, const Json& params, AgentHost* host);
    void onCollected(const AgentCollected& outcome);

private:
    Connection& connection_;
    AgentRequests& requests_;
};

} // namespace firstchance
