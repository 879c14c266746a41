#pragma once

#include <nlohmann/json.hpp>

#include "capture/ladder.h"
#include "capture/line_channel.h"

namespace firstchance {

//! \brief Freezes the target, one of ours at a time, and sends {event: "resumed", pauseMs, captureMethod,
//! gc}. \param whileStopped called once while all threads stand; may be empty
[[nodiscard]] Result<LadderResult> freezeTarget(const SnapshotRequest& request, LineChannel& engine,
                                                std::function<void()> whileStopped = {});

//! \brief Ends the frozen copy, one of ours at a time.
Result<void> releaseInTurn(const SnapshotRequest& request, FrozenProcess& process);

//! \brief What a result says of the process and its pause: pid, process, pauseMs, captureMethod, gc,
//! gcRetries, timings. \param runtime {version, kind} \param gcValid what the DAC said of the frozen heap,
//! null when not asked: it knows for certain what the poll could only see if the counter's address was known
[[nodiscard]] nlohmann::json frozenToJson(const SnapshotRequest& request, const FrozenProcess& process,
                                          const nlohmann::json& runtime, const nlohmann::json& gcValid);

//! \brief "what: cancelled" of a request that SIGTERM ended.
[[nodiscard]] Error cancelledError(const char* doing, const SnapshotRequest& request);

//! \brief Sends {event: "error", error}; 1, the exit code.
int sendError(LineChannel& engine, const Error& error);

} // namespace firstchance
