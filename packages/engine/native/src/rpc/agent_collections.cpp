#include "rpc/agent_collections.h"

#include <algorithm>

namespace firstchance {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kDefaultTimeoutMs = 10'000;
constexpr std::int64_t kLongestTimeoutMs = 24LL * 3600 * 1000;
//! \brief The agent stops waiting for finalizers at the end of the time; its answer must not come too late.
constexpr std::chrono::milliseconds kAnswerTime{500};

std::string whatOf(pid_t pid) {
    return "Collecting the garbage of process " + std::to_string(pid);
}

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

void AgentCollections::start(const RequestId& id, const Json& params, AgentHost* host) {
    const auto pid = number(params, "pid", 0, INT32_MAX);
    const auto timeout = number(params, "timeoutMs", kDefaultTimeoutMs, kLongestTimeoutMs);
    if (!pid || *pid == 0 || !timeout) {
        connection_.respondError(id,
                                 {ErrorCode::InvalidArgument, "Reading the parameters of agents/collect",
                                  "pid must be a process id and timeoutMs a number of milliseconds", "", 0});
        return;
    }
    const auto process = static_cast<pid_t>(*pid);
    const std::uint64_t sequence = nextSequence_++;
    if (host == nullptr || !host->collect(process, sequence, static_cast<std::uint32_t>(*timeout))) {
        connection_.respondError(id, {ErrorCode::Unsupported, whatOf(process),
                                      "no agent of this engine is in it", "Attach the agent first.", 0});
        return;
    }
    const auto until = Clock::now() + std::chrono::milliseconds(*timeout) + kAnswerTime;
    pending_.emplace(sequence, Pending{id, process, until});
}

void AgentCollections::onCollected(const AgentCollected& outcome) {
    const auto node = pending_.extract(outcome.sequence);
    if (node.empty()) {
        return; // answered already
    }
    if (outcome.result < 0) {
        connection_.respondError(node.mapped().id,
                                 {ErrorCode::Unsupported, whatOf(outcome.pid),
                                  "the runtime refused: " + std::to_string(outcome.result), "", 0});
        return;
    }
    connection_.respond(node.mapped().id, {{"collections", outcome.collections},
                                           {"durationMs", outcome.durationMs},
                                           {"finalizers", outcome.finalizers}});
}

template <class Predicate>
bool AgentCollections::failWhere(Predicate predicate, ErrorCode code, const char* why) {
    bool any = false;
    for (auto it = pending_.begin(); it != pending_.end();) {
        if (predicate(it->second)) {
            connection_.respondError(it->second.id, {code, whatOf(it->second.pid), why, "", 0});
            it = pending_.erase(it);
            any = true;
        } else {
            ++it;
        }
    }
    return any;
}

void AgentCollections::onDisconnected(pid_t pid) {
    failWhere([&](const Pending& one) { return one.pid == pid; }, ErrorCode::TargetGone,
              "it ended meanwhile");
}

bool AgentCollections::cancel(const RequestId& id) {
    return failWhere([&](const Pending& one) { return one.id == id; }, ErrorCode::Cancelled,
                     "it was cancelled; a collection that has begun goes on");
}

void AgentCollections::failAll() {
    failWhere([](const Pending&) { return true; }, ErrorCode::Cancelled, "the agents were disarmed");
}

void AgentCollections::expire() {
    const auto now = Clock::now();
    failWhere([&](const Pending& one) { return one.until <= now; }, ErrorCode::DeadlineExceeded,
              "no answer came in time; a collection that has begun goes on");
}

std::optional<Clock::time_point> AgentCollections::nextExpiry() const {
    const auto first = std::min_element(pending_.begin(), pending_.end(), [](const auto& a, const auto& b) {
        return a.second.until < b.second.until;
    });
    return first == pending_.end() ? std::nullopt : std::optional(first->second.until);
}

} // namespace firstchance
