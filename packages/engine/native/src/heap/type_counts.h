#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/address.h"
#include "base/process_image.h"
#include "clr/gc_heap.h"
#include "heap/segment_walk.h"

namespace firstchance {

//! \brief Objects by type, free space among them.
struct TypeCounts {
    struct Count {
        Address methodTable;
        std::uint64_t instances = 0;
        std::uint64_t bytes = 0; //!< space really used: sizes are rounded up to 8
    };
    std::vector<Count> types; //!< sorted by methodTable; each has instances
    WalkHoles holes;
};

//! \brief Counts all objects on the GC heap with at most \p threads threads, each of which takes segment
//! after segment. Nothing when \p cancelled became true.
[[nodiscard]] std::optional<TypeCounts> countTypes(const ProcessImage& image, const GcHeap& heap,
                                                   unsigned threads, const std::atomic<bool>* cancelled);

} // namespace firstchance
