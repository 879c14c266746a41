#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "rpc/connection.h"

namespace firstchance {

//! \brief Which process a request to its agent is about, and how long it may take.
struct AgentRequestParams {
    pid_t pid = 0;
    std::chrono::milliseconds timeout{};

    //! \brief Of `{ pid, timeoutMs? }`; nothing when a value is not allowed.
    [[nodiscard]] static std::optional<AgentRequestParams> read(const Json& params);
};

//! \brief Requests that an agent answers: each is answered once, by the agent, the end of its process, its
//! own time limit or its cancellation.
class AgentRequests {
public:
    explicit AgentRequests(Connection& connection) : connection_(connection) {}

    //! \brief Sends a request to the agent; answers it as unsupported when there is none in the process.
    //! \param what of its errors: "Collecting the garbage of process 7"
    //! \param send hands it to the agent by its number and its time limit; false: there is no agent
    void begin(const RequestId& id, const AgentRequestParams& params, std::string what,
               const std::function<bool(std::uint64_t sequence, std::uint32_t timeoutMs)>& send);
    //! \brief The request is over and its caller answers; null when it has been answered already.
    struct Taken {
        RequestId id;
        std::string what;
    };
    [[nodiscard]] std::optional<Taken> take(std::uint64_t sequence);

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
        std::string what;
        std::chrono::steady_clock::time_point until;
    };
    template <class Predicate> bool failWhere(Predicate predicate, ErrorCode code, const char* why);

    Connection& connection_;
    std::uint64_t nextSequence_ = 1;
    std::map<std::uint64_t, Pending> pending_; //!< by sequence
};

} // namespace firstchance
