#pragma once

#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief Mini: stacks, modules, exceptions. Heap: also the runtime's loader heaps and statics, not the GC
//! heap.
enum class RegionKind { Mini, Heap };

//! \brief The memory a debugger needs, as the DAC enumerates it. Page aligned, sorted, merged; unreadable
//! pages may be among it. 4-15 ms whatever the heap size.
[[nodiscard]] Result<std::vector<AddressRange>> enumerateRegions(Dac& dac, RegionKind kind);

} // namespace firstchance
