#include "agent/collecting.h"

#include <time.h>

#include "agent/agent_log.h"
#include "agent/agent_thread.h"
#include "agent/armed_state.h"
#include "agent/finalizer_watch.h"

namespace firstchance::agent {
namespace {

// Finalizers may make more objects finalizable; a program under load does so for ever.
constexpr std::uint32_t kMostCollections = 4;
// For finalizers nobody tells of.
constexpr timespec kBlindWait = {0, 50'000'000};
constexpr auto kNotYetAvailable = static_cast<HResult>(0x8013135B); // CORPROF_E_NOT_YET_AVAILABLE

} // namespace

// Twice at least: what finalizers let go is dead only then.
CollectOutcome collectUntilQuiet(Agent& agent, const Deadline& deadline) {
    CollectOutcome outcome;
    const bool watched = watchFinalizers(agent);
    while (outcome.collections < kMostCollections) {
        g_finalizers.begin();
        outcome.result = call(agent.profilerInfo, kInfoForceGc);
        if (outcome.result < 0) {
            return outcome;
        }
        ++outcome.collections;
        if (!watched) {
            outcome.finalizers = FinalizerState::Unknown;
            if (outcome.collections == 2) {
                return outcome;
            }
            ::nanosleep(&kBlindWait, nullptr);
        } else if (!g_finalizers.await(deadline)) {
            outcome.finalizers = FinalizerState::Timeout;
            return outcome;
        } else if (outcome.collections >= 2 && g_finalizers.promoted() == 0) {
            return outcome;
        }
    }
    return outcome;
}

void collectGarbage(Agent& agent, std::uint64_t sequence, std::uint32_t timeoutMs) {
    const std::int64_t start = monotonicNanoseconds();
    CollectOutcome outcome;
    if (agent.shutDown.load()) {
        outcome.result = kNotYetAvailable;
    } else {
        outcome = collectUntilQuiet(agent, Deadline(timeoutMs));
    }
    const auto microseconds = static_cast<std::uint32_t>((monotonicNanoseconds() - start) / 1000);
    logLine("collected %u times in %u us: 0x%08x", outcome.collections, microseconds,
            static_cast<unsigned>(outcome.result));
    unsigned char buffer[64];
    MessageWriter message = beginMessage(buffer, sizeof buffer, MessageKind::Collected);
    message.u64(sequence);
    message.u32(static_cast<std::uint32_t>(outcome.result));
    message.u32(outcome.collections);
    message.u32(microseconds);
    message.u8(static_cast<std::uint8_t>(outcome.finalizers));
    sendToEngine(message);
}

} // namespace firstchance::agent
