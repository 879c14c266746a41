#pragma once

#include <string>
#include <vector>

#include "capture/capture_request.h"
#include "capture/facts.h"
#include "core/memory_selection.h"

namespace firstchance {

//! \brief The memory a dump of a kind keeps, and what a person must know is not in it.
struct DumpMemory {
    DumpKind kind = DumpKind::Heap; //!< what became of Auto
    MemorySelection selection;
    std::vector<std::string> leftOut; //!< e.g. "native heap"
    std::vector<std::string> notes;
};

//! \brief Chooses memory for \p request.keep->dump with the DAC's help, or without it (\p dac null): then all
//! private memory is kept, since nobody can say which of it the runtime's structures need.
[[nodiscard]] DumpMemory chooseMemory(const ProcessImage& image, const CaptureRequest& request,
                                      const RuntimeLocation& runtime, Dac* dac, const Facts& facts);

} // namespace firstchance
