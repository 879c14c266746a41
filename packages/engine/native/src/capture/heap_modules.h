#pragma once

#include <vector>

#include "clr/dac.h"
#include "heap/graph/heap_file.h"

namespace firstchance {

//! \brief The modules that were loaded from files; none when the DAC cannot list them.
[[nodiscard]] std::vector<HeapFileModule> heapFileModules(Dac& dac);

} // namespace firstchance
