#pragma once

#include <string>
#include <vector>

#include "capture/capture_request.h"
#include "capture/facts.h"
#include "clr/dac.h"
#include "core/memory_selection.h"

namespace firstchance {

//! \brief Adds the managed objects near the exception and the stack of the thread of interest, up to the
//! request's budget; without such a thread, near those of all threads. Says in \p notes how much was kept.
//! Returns what a person must know is not in the dump: "managed heap except …", nothing if all was kept.
[[nodiscard]] std::vector<std::string> addFocus(Dac& dac, const CaptureRequest& request, const Facts& facts,
                                                MemorySelection& selection, std::vector<std::string>& notes);

} // namespace firstchance
