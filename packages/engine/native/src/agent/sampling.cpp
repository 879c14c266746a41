#include "agent/sampling.h"

#include "agent/agent_log.h"
#include "agent/agent_thread.h"
#include "agent/armed_state.h"
#include "agent/clr_names.h"
#include "agent/code_position.h"
#include "agent/collecting.h"
#include "agent/sampler.h"
#include "agent/sampling_outcome.h"

namespace firstchance::agent {
namespace {

// A site's message is some KB: what a report may cost.
constexpr std::uint32_t kMaxSitesTold = 1024;
constexpr std::size_t kFrameBytes = 2 * kMaxNameBytes + 16;

std::uint64_t g_connection = 0; // of the engine that wanted it

// Names of a frame as far as they are known. Code that is gone, or that was made at run time, has none.
void writeFrame(Agent& agent, MessageWriter& message, const SampledFrame& frame) {
    NameBuffer module;
    NameBuffer method;
    std::uint32_t ilOffset = kNoIlOffset;
    if (frame.module != 0) {
        appendModulePath(agent.profilerInfo, frame.module, module);
        if (!appendMethodName(agent.profilerInfo, frame.module, frame.method, method)) {
            method.clear();
        }
        // The call itself, not what follows it.
        ilOffset = ilOffsetOf(agent.profilerInfo, frame.address - 1);
    }
    message.text(module.text());
    message.u32(frame.module != 0 ? frame.method : 0);
    message.u32(ilOffset);
    message.text(method.text());
}

bool tell(Agent& agent, const AllocationSite& site, std::uint64_t sequence) {
    static unsigned char buffer[kMaxMessageBytes]; // one thread
    static unsigned char body[kMaxMessageBytes];
    MessageWriter frames(body, sizeof body);
    NameBuffer type;
    std::uint32_t count = 0;
    {
        const Lock lock(g_sampler.namingMutex());
        if (!g_sampler.isAlive(*site.survivor) ||
            !appendTypeName(agent.profilerInfo, site.type, type, nullptr)) {
            return false;
        }
        while (count < site.frameCount && frames.left() > kFrameBytes + kMaxNameBytes + 64) {
            writeFrame(agent, frames, site.frames[count++]);
        }
    }
    MessageWriter message = beginMessage(buffer, sizeof buffer, MessageKind::Survivors);
    message.u64(sequence);
    message.text(type.text());
    message.u32(site.survivors);
    message.u64(site.survivorBytes);
    message.u32(count);
    message.bytes(frames.data(), frames.size());
    sendToEngine(message);
    return true;
}

// Those that are seen more than once come first, in case there are too many.
std::uint32_t tellSites(Agent& agent, std::uint64_t sequence) {
    std::uint32_t told = 0;
    for (const bool single : {false, true}) {
        for (std::size_t i = 0; i < SampleTable::kPlaces && told < kMaxSitesTold; ++i) {
            const AllocationSite* site = g_sampler.samples()->siteAt(i);
            if (site != nullptr && site->survivors > 0 && (site->survivors == 1) == single) {
                told += tell(agent, *site, sequence) ? 1 : 0;
            }
        }
    }
    return told;
}

void finish(Agent& agent) {
    watchAllocations(agent, AllocationWatch::Unloads);
    if (g_sampler.close()) {
        g_sampler.end();
    }
    watchAllocations(agent, AllocationWatch::None);
}

void start(Agent& agent, SamplingOutcome& outcome, std::uint64_t connection) {
    if (g_sampler.running() && g_connection != connection) {
        finish(agent);
    }
    outcome.result = g_sampler.begin(agent.profilerInfo);
    if (outcome.result < 0) {
        return;
    }
    g_connection = connection;
    if (!watchAllocations(agent, AllocationWatch::Allocations)) {
        outcome.result = kFail;
        finish(agent);
    }
}

void report(Agent& agent, SamplingOutcome& outcome, std::uint64_t sequence, std::uint32_t timeoutMs) {
    if (!g_sampler.running()) {
        outcome.result = kFail;
        return;
    }
    // Before the collection: what is allocated after it has not been through one.
    watchAllocations(agent, AllocationWatch::Unloads);
    if (!g_sampler.close()) {
        watchAllocations(agent, AllocationWatch::None);
        outcome.result = kFail;
        return;
    }
    outcome.samples = static_cast<std::uint32_t>(g_sampler.samples()->size());
    outcome.full = g_sampler.samples()->full();
    outcome.result = collectUntilQuiet(agent, Deadline(timeoutMs)).result;
    outcome.survivors = g_sampler.countSurvivors();
    if (outcome.result >= 0) {
        outcome.sites = tellSites(agent, sequence);
    }
    g_sampler.end();
    watchAllocations(agent, AllocationWatch::None);
}

} // namespace

void sampleAllocations(Agent& agent, SampleAction action, std::uint64_t sequence, std::uint32_t timeoutMs,
                       std::uint64_t connection) {
    SamplingOutcome outcome;
    if (agent.shutDown.load()) {
        outcome.result = kFail;
    } else if (action == SampleAction::Start) {
        start(agent, outcome, connection);
    } else if (action == SampleAction::Report) {
        report(agent, outcome, sequence, timeoutMs);
    } else {
        abandonSamples(agent);
    }
    logLine("sampling %u: 0x%08x, %u samples, %u survive, %u sites", static_cast<unsigned>(action),
            static_cast<unsigned>(outcome.result), outcome.samples, outcome.survivors, outcome.sites);
    tellSampled(outcome, sequence);
}

void abandonSamples(Agent& agent) {
    if (g_sampler.running()) {
        logLine("sampling is abandoned");
        finish(agent);
    }
}

} // namespace firstchance::agent
