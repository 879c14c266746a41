#pragma once

#include "base/process_image.h"
#include "capture/capture_request.h"
#include "capture/line_channel.h"

namespace firstchance {

//! \brief Whether a worker may use the runtime's debugging library.
enum class DacUse { Allowed, Avoid };

//! \brief The part of a capture that reads the frozen copy: facts through the DAC, choice of memory, the
//! core.
//!
//! Runs in a process of its own, because the DAC may crash or never return. Sends over \p channel
//!   {event: "inspecting"}, {event: "facts", …, notes}, {event: "progress", value}, and last
//!   {event: "written", dump} or {event: "error", error}.
//! Returns the process's exit code.
int runWorker(const ProcessImage& image, const CaptureRequest& request, DacUse dacUse, LineChannel& channel);

} // namespace firstchance
