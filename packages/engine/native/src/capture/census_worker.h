#pragma once

#include "capture/capture_request.h"
#include "capture/line_channel.h"
#include "snapshot/snapshot.h"

namespace firstchance {

//! \brief The part of a census that reads the frozen copy: heap, roots, handles, memory by category.
//!
//! Runs in a process of its own, because the DAC may crash or never return. Sends over \p channel
//! {event: "census", census, gcValid, gcCounter, retry, runtime} or {event: "error", error}; \c retry says
//! that another snapshot may show what this one could not. Returns the process's exit code.
int runCensusWorker(const FrozenProcess& image, const CensusRequest& request, LineChannel& channel);

} // namespace firstchance
