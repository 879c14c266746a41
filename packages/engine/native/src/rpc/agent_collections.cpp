#include "rpc/agent_collections.h"

namespace firstchance {

void AgentCollections::start(const RequestId& id, const Json& params, AgentHost* host) {
    const auto request = AgentRequestParams::read(params);
    if (!request) {
        connection_.respondError(id,
                                 {ErrorCode::InvalidArgument, "Reading the parameters of agents/collect",
                                  "pid must be a process id and timeoutMs a number of milliseconds", "", 0});
        return;
    }
    requests_.begin(id, *request, "Collecting the garbage of process " + std::to_string(request->pid),
                    [&](std::uint64_t sequence, std::uint32_t timeoutMs) {
                        return host != nullptr && host->collect(request->pid, sequence, timeoutMs);
                    });
}

void AgentCollections::onCollected(const AgentCollected& outcome) {
    const auto request = requests_.take(outcome.sequence);
    if (!request) {
        return; // answered already
    }
    if (outcome.result < 0) {
        connection_.respondError(request->id,
                                 {ErrorCode::Unsupported, request->what,
                                  "the runtime refused: " + std::to_string(outcome.result), "", 0});
        return;
    }
    connection_.respond(request->id, {{"collections", outcome.collections},
                                      {"durationMs", outcome.durationMs},
                                      {"finalizers", outcome.finalizers}});
}

} // namespace firstchance
