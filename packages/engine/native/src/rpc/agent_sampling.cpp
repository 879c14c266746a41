#include "rpc/agent_sampling.h"

#include <algorithm>
#include <cmath>

#include "rpc/native_sites.h"

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

constexpr std::uint32_t kDefaultPeriodBytes = 65'536;
constexpr std::int64_t kMaxPeriodBytes = 1U << 30U;
constexpr std::int32_t kNotImplemented = static_cast<std::int32_t>(0x80004001);

//! \brief What is sampled: allocations of the runtime, or native memory by its own means.
struct SampleKind {
    bool native = false;
    std::uint32_t periodBytes = kDefaultPeriodBytes;
};

std::optional<SampleKind> kindOf(const Json& params) {
    SampleKind kind;
    const auto name = params.find("kind");
    if (name != params.end() && *name != "managed") {
        if (*name != "native") {
            return std::nullopt;
        }
        kind.native = true;
    }
    const auto period = params.find("periodBytes");
    if (period != params.end()) {
        if (!period->is_number_integer() || period->get<std::int64_t>() < 1 ||
            period->get<std::int64_t>() > kMaxPeriodBytes) {
            return std::nullopt;
        }
        kind.periodBytes = period->get<std::uint32_t>();
    }
    return kind;
}

const char* whyNot(std::int32_t result) {
    if (result == kNoInterface) {
        return "its runtime is older than .NET 8";
    }
    if (result == kNotImplemented) {
        return "native stacks are read on x86-64 only";
    }
    return "it is sampled already, or is not, or the runtime refused";
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
    const auto kind = request ? kindOf(params) : std::nullopt;
    if (!action || !kind) {
        connection_.respondError(
            id,
            {ErrorCode::InvalidArgument, "Reading the parameters of agents/sample",
             "pid must be a process id, action start, report or stop, kind managed or native, timeoutMs a "
             "number of milliseconds, periodBytes a number of bytes",
             "", 0});
        return;
    }
    const std::string what =
        kind->native ? "Sampling the native memory of process " : "Sampling the allocations of process ";
    requests_.begin(id, *request, what + std::to_string(request->pid),
                    [&](std::uint64_t sequence, std::uint32_t timeoutMs) {
                        if (host == nullptr) {
                            return false;
                        }
                        return kind->native ? host->sampleNative(request->pid, *action, sequence, timeoutMs,
                                                                 kind->periodBytes)
                                            : host->sample(request->pid, *action, sequence, timeoutMs);
                    });
}

void AgentSampling::onSampled(const AgentSampled& outcome) {
    const auto request = requests_.take(outcome.sequence);
    if (!request) {
        return; // answered already
    }
    if (outcome.result < 0) {
        const std::string why =
            std::string(whyNot(outcome.result)) + " (" + std::to_string(outcome.result) + ")";
        connection_.respondError(request->id, {ErrorCode::Unsupported, request->what, why, "", 0});
        return;
    }
    Json sites = Json::array();
    for (const AllocationSite& site : outcome.sites) {
        sites.push_back(toJson(site));
    }
    connection_.respond(request->id,
                        {{"samples", outcome.samples},
                         {"survivors", outcome.survivors},
                         {"full", outcome.full},
                         {"complete", outcome.sites.size() + outcome.nativeSites.size() == outcome.siteCount},
                         {"sites", std::move(sites)},
                         {"nativeSites", nativeSitesJson(outcome.pid, outcome.nativeSites)}});
}

} // namespace firstchance
