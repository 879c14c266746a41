#pragma once

#include <cstdint>
#include <vector>

#include "base/address.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief The native LoaderAllocator of the domain, which holds all that is loaded for good; 0 if the DAC
//! does not tell (before .NET 8).
[[nodiscard]] std::uint64_t globalLoaderAllocator(Dac& dac);

//! \brief Blocks of memory of all heaps of one LoaderAllocator: what the runtime keeps of types and methods,
//! and its stubs, not the code of methods. Parts may not be committed.
[[nodiscard]] std::vector<AddressRange> loaderHeapBlocks(Dac& dac, std::uint64_t allocator);

//! \brief The blocks of all load contexts, collectible ones too; page aligned, sorted, merged.
[[nodiscard]] std::vector<AddressRange> allLoaderHeapBlocks(Dac& dac);

} // namespace firstchance
