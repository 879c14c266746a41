#pragma once

#include "capture/capture_request.h"
#include "capture/line_channel.h"

namespace firstchance {

//! \brief One capture from the first ptrace call to the release of the frozen copy, in a process of its own.
//!
//! The process that calls this owns the ptrace relation and holds nothing else. Sends over \p engine
//!   {event: "progress", value: {phase: …}},
//!   {event: "resumed", pauseMs, captureMethod, gc}     the target runs again (or, with `stop`, stands until
//!   the end),
//! then, when the request carries no decision, waits for {command: "keep", folder, dump, …} or {command:
//! "drop"}, and last
//!   {event: "result", result} | {event: "dropped"} | {event: "error", error}.
//! SIGTERM cancels: the target is let go and nothing is left.
int runCaptureProcess(CaptureRequest request, LineChannel& engine);

} // namespace firstchance
