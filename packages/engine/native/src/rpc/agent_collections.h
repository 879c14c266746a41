#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>

#include "agent_host/agent_host.h"
#include "rpc/connection.h"

namespace firstchance {

//! \brief The `agents/collect` requests under way: each is answered once, by the agent's outcome, the end of
//! its process, its own time limit or its cancellation.
class AgentCollections {
public:
    explicit AgentCollections(Connection& connection) : connection_(connection) {}

    //! \param host null: nothing is armed
    void start(const RequestId& id, const Json& params, AgentHost* host);
    void onCollected(const AgentCollected& outcome);
    void onDisconnected(pid_t pid);
    bool cancel(const RequestId& id);
    //! \brief Nobody will answer any more.
    void failAll();
    //! \brief Answers those whose time is over.
    void expire();
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> nextExpiry() const;

private:
    struct Pending {
        RequestId id;
        pid_t pid = 0;
        std::chrono::steady_clock::time_point until;
    };
    template <class Predicate> bool failWhere(Predicate predicate, ErrorCode code, const char* why);

    Connection& connection_;
    std::uint64_t nextSequence_ = 1;
    std::map<std::uint64_t, Pending> pending_; //!< by sequence
};

} // namespace firstchance
