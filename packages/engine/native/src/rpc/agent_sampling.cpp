#include "rpc/agent_sampling.h"

#include <algorithm>
#include <cmath>

namespace firstchance {
namespace {

// Mean distance of two samples in allocated bytes (dotnet/runtime
// docs/design/features/RandomizedAllocationSampling.md; AllocationTick has the same).
constexpr double kMeanBytes = 102'400;
constexpr std::int32_t kNoInterface = static_cast<std::int32_t>(0x80004002);

std::optional<SampleAction> actionOf(const Json& params) {
    const auto found = params.find("action");
    if (found != params.end() && found->is_string()) {
        const auto& name = found->get_ref<const std::string&>();
        if (name == "start") {
            return SampleAction::Start;
        }
        if (name == "report") {
            return SampleAction::Report;
        }
        if (name == "stop") {
            return SampleAction::Stop;
        }
    }
    return std::nullopt;
}

//! \brief What so many samples of objects of this size stand for: one of size s is met with the probability
//! 1 - exp(-s / mean).
std::uint64_t estimate(const AllocationSite& site) {
    const double size = static_cast<double>(site.bytes) / std::max(site.samples, 1U);
    return static_cast<std::uint64_t>(site.samples * size / -std::expm1(-size / kMeanBytes));
}

Json toJson(const AllocationSite& site) {
    Json frames = Json::array();
    for (const AllocationSite::Frame& frame : site.frames) {
        frames.push_back({{"method", frame.method},
                          {"modulePath", frame.modulePath},
                          {"token", frame.token},
                          {"ilOffset", frame.ilOffset ? Json(*frame.ilOffset) : Json()}});
    }
    return {{"type", site.type},
            {"samples", site.samples},
            {"bytes", site.bytes > 0 ? estimate(site) : 0},
            {"frames", std::move(frames)}};
}

} // namespace

void AgentSampling::start(const RequestId& id, const Json& params, AgentHost* host) {
    const auto request = AgentRequestParams::read(params);
    const auto action = request ? actionOf(params) : std::nullopt;
    if (!action) {
        connection_.respondError(
            id, {ErrorCode::InvalidArgument, "Reading the parameters of agents/sample",
                 "pid must be a process id, action start, report or stop, timeoutMs a number of milliseconds",
                 "", 0});
        return;
    }
    const std::string what = "Sampling the allocations of process " + std::to_string(request->pid);
    const std::uint64_t sequence = requests_.nextSequence();
    const auto timeoutMs = static_cast<std::uint32_t>(request->timeout.count());
    if (host == nullptr || !host->sample(request->pid, *action, sequence, timeoutMs)) {
        connection_.respondError(id, {ErrorCode::Unsupported, what, "no agent of this engine is in it",
                                      "Attach the agent first.", 0});
        return;
    }
    requests_.add(sequence, id, *request, what);
}

void AgentSampling::onSampled(const AgentSampled& outcome) {
    const auto request = requests_.take(outcome.sequence);
    if (!request) {
        return; // answered already
    }
    if (outcome.result < 0) {
        const std::string why = outcome.result == kNoInterface
                                    ? "its runtime is older than .NET 8"
                                    : "it is sampled already, or is not, or the runtime refused: " +
                                          std::to_string(outcome.result);
        connection_.respondError(request->id, {ErrorCode::Unsupported, request->what, why, "", 0});
        return;
    }
    Json sites = Json::array();
    for (const AllocationSite& site : outcome.sites) {
        sites.push_back(toJson(site));
    }
    connection_.respond(request->id, {{"samples", outcome.samples},
                                      {"survivors", outcome.survivors},
                                      {"full", outcome.full},
                                      {"complete", outcome.sites.size() == outcome.siteCount},
                                      {"sites", std::move(sites)}});
}

} // namespace firstchance
