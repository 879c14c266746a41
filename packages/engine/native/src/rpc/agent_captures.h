#pragma once

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "agent_host/agent_host.h"
#include "rpc/agent_collections.h"
#include "rpc/agent_requests.h"
#include "rpc/agent_sampling.h"
#include "rpc/connection.h"
#include "rpc/job.h"

namespace firstchance {

//! \brief Joins the agents' asks to captures: an ask freezes its process at once, the agent is answered as
//! soon as the copy exists, and only then the client is asked what to do with it (`capture/decide`).
class AgentCaptures {
public:
    AgentCaptures(Connection& connection, JobTable& jobs)
        : connection_(connection), jobs_(jobs), requests_(connection), collections_(connection, requests_),
          sampling_(connection, requests_) {}

    Result<Json> arm(const Json& params);
    Result<Json> disarm();
    Result<Json> attachPayload() const;
    //! \brief `agents/collect`; answers by itself.
    void collect(const RequestId& id, const Json& params) { collections_.start(id, params, host_.get()); }
    //! \brief `agents/sample`; answers by itself.
    void sample(const RequestId& id, const Json& params) { sampling_.start(id, params, host_.get()); }
    bool cancelRequest(const RequestId& id) { return requests_.cancel(id); }

    void appendPollFds(std::vector<pollfd>& fds) const;
    //! \brief Milliseconds until a waiting ask or a request to an agent runs out, -1 for none.
    [[nodiscard]] int pollTimeout() const;
    void dispatch(std::span<const pollfd> fds);

private:
    struct WaitingAsk {
        AgentAsk ask;
        std::chrono::steady_clock::time_point until;
    };

    AgentHost::Callbacks callbacks();
    void onAsk(const AgentAsk& ask);
    void start(const AgentAsk& ask);
    void startWaiting();
    void refuse(const AgentAsk& ask, const char* why);
    bool onMessage(const AgentAsk& ask, const std::string& token, const Json& message);
    void decide(const AgentAsk& ask, const std::string& token, const Json& resumed);

    Connection& connection_;
    JobTable& jobs_;
    AgentRequests requests_;
    AgentCollections collections_;
    AgentSampling sampling_;
    std::unique_ptr<AgentHost> host_;
    int maxFrozen_ = 2;
    std::chrono::milliseconds timeout_{2000};
    int frozen_ = 0;       //!< copies that live now
    bool crowded_ = false; //!< an ask waited in vain, and no copy has ended since
    std::uint64_t nextToken_ = 1;
    std::deque<WaitingAsk> waiting_;
};

} // namespace firstchance
