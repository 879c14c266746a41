#include "rpc/agent_requests.h"

#include <algorithm>
#include <utility>

namespace firstchance {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kDefaultTimeoutMs = 10'000;
constexpr std::int64_t kLongestTimeoutMs = 24LL * 3600 * 1000;
//! \brief The agent stops waiting for finalizers at the end of the time; its answer must not come too late.
constexpr std::chrono::milliseconds kAnswerTime{500};

std::optional<std::int64_t> number(const Json& params, const char* key, std::int64_t fallback,
                                   std::int64_t most) {
    const auto found = params.is_object() ? params.find(key) : params.end();
    if (!params.is_object() || found == params.end() || found->is_null()) {
        return fallback;
    }
    if (!found->is_number_integer() || found->get<std::int64_t>() < 1 || found->get<std::int64_t>() > most) {
        return std::nullopt;
    }
    return found->get<std::int64_t>();
}

} // namespace

std::optional<AgentRequestParams> AgentRequestParams::read(const Json& params) {
    const auto pid = number(params, "pid", 0, INT32_MAX);
    const auto timeout = number(params, "timeoutMs", kDefaultTimeoutMs, kLongestTimeoutMs);
    if (!pid || *pid == 0 || !timeout) {
        return std::nullopt;
    }
    return AgentRequestParams{static_cast<pid_t>(*pid), std::chrono::milliseconds(*timeout)};
}

void AgentRequests::begin(const RequestId& id, const AgentRequestParams& params, std::string what,
                          const std::function<bool(std::uint64_t, std::uint32_t)>& send) {
    const std::uint64_t sequence = nextSequence_++;
    if (!send(sequence, static_cast<std::uint32_t>(params.timeout.count()))) {
        connection_.respondError(id, {ErrorCode::Unsupported, std::move(what),
                                      "no agent of this engine is in it", "Attach the agent first.", 0});
        return;
    }
    const auto until = Clock::now() + params.timeout + kAnswerTime;
    pending_.emplace(sequence, Pending{id, params.pid, std::move(what), until});
}

std::optional<AgentRequests::Taken> AgentRequests::take(std::uint64_t sequence) {
    auto node = pending_.extract(sequence);
    if (node.empty()) {
        return std::nullopt;
    }
    return Taken{std::move(node.mapped().id), std::move(node.mapped().what)};
}

template <class Predicate>
bool AgentRequests::failWhere(Predicate predicate, ErrorCode code, const char* why) {
    bool any = false;
    for (auto it = pending_.begin(); it != pending_.end();) {
        if (predicate(it->second)) {
            connection_.respondError(it->second.id, {code, it->second.what, why, "", 0});
            it = pending_.erase(it);
            any = true;
        } else {
            ++it;
        }
    }
    return any;
}

void AgentRequests::onDisconnected(pid_t pid) {
    failWhere([&](const Pending& one) { return one.pid == pid; }, ErrorCode::TargetGone,
              "it ended meanwhile");
}

bool AgentRequests::cancel(const RequestId& id) {
    return failWhere([&](const Pending& one) { return one.id == id; }, ErrorCode::Cancelled,
                     "it was cancelled; a collection that has begun goes on");
}

void AgentRequests::failAll() {
    failWhere([](const Pending&) { return true; }, ErrorCode::Cancelled, "the agents were disarmed");
}

void AgentRequests::expire() {
    const auto now = Clock::now();
    failWhere([&](const Pending& one) { return one.until <= now; }, ErrorCode::DeadlineExceeded,
              "no answer came in time; a collection that has begun goes on");
}

std::optional<Clock::time_point> AgentRequests::nextExpiry() const {
    const auto first = std::min_element(pending_.begin(), pending_.end(), [](const auto& a, const auto& b) {
        return a.second.until < b.second.until;
    });
    return first == pending_.end() ? std::nullopt : std::optional(first->second.until);
}

} // namespace firstchance
