#pragma once

#include "capture/capture_request.h"
#include "capture/line_channel.h"

namespace firstchance {

//! \brief One census from the first ptrace call to the release of the frozen copy, in a process of its own.
//!
//! Sends over \p engine {event: "progress", value}, {event: "resumed", pauseMs, captureMethod, gc}, {event:
//! "types", runtimeBase, types: [[methodTable, name, module]]} for KnownTypes, and last {event: "result",
//! result} or {event: "error", error}. A snapshot that met a garbage collection or an object that was just
//! being made is taken again, then said to be incomplete. SIGTERM cancels.
int runCensusProcess(CensusRequest request, LineChannel& engine);

} // namespace firstchance
