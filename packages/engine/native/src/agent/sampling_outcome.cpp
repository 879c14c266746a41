#include "agent/sampling_outcome.h"

#include "agent/agent_thread.h"

namespace firstchance::agent {

void tellSampled(const SamplingOutcome& outcome, std::uint64_t sequence) {
    unsigned char buffer[64];
    MessageWriter message = beginMessage(buffer, sizeof buffer, MessageKind::Sampled);
    message.u64(sequence);
    message.u32(static_cast<std::uint32_t>(outcome.result));
    message.u32(outcome.samples);
    message.u32(outcome.survivors);
    message.u32(outcome.sites);
    message.u8(outcome.full ? 1 : 0);
    sendToEngine(message);
}

} // namespace firstchance::agent
