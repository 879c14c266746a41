#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/process_image.h"
#include "core/core_layout.h"
#include "core/memory_selection.h"

namespace firstchance {

//! \brief The segments of a core before they have a place in the file.
struct CoreSegments {
    std::vector<CoreSegment> segments;  //!< sorted, apart from each other; fileOffset not set
    std::vector<AddressRange> readable; //!< what of them can be read from the image
    std::uint64_t closedGapBytes = 0;
};

//! \brief Whether the memory of \p mapping belongs into a core at all: readable, and no kernel or device
//! memory, which cannot be read from outside or reads with side effects.
[[nodiscard]] bool isDumpable(const Mapping& mapping);

//! \brief Turns the selection into at most \p maxSegments segments. Adjoining memory is one segment whatever
//! its protection; when there are still too many, the smallest gaps are closed. A small gap carries the
//! memory that is there, a large one is a hole.
[[nodiscard]] CoreSegments collectSegments(const ProcessImage& image, const MemorySelection& selection,
                                           std::size_t maxSegments);

} // namespace firstchance
