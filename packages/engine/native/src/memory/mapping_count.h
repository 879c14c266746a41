#pragma once

#include <cstdint>
#include <span>

#include "base/process_image.h"

namespace firstchance {

//! \brief How many mappings the program and its libraries have made.
//!
//! Left out are those of the GC heap and of the runtime's code. Where a region of that heap is committed in
//! part, mprotect(2) splits the reservation in two, and code is mapped once more while it is written: their
//! number goes up and down with the work of the collector and the compiler, and their bytes are counted
//! elsewhere. \p gcCommitted is sorted, without overlaps.
[[nodiscard]] std::uint64_t countMappings(const ProcessImage& image,
                                          std::span<const AddressRange> gcCommitted);

} // namespace firstchance
