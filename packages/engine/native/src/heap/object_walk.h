#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/address.h"
#include "base/process_image.h"
#include "clr/gc_heap.h"
#include "heap/segment_walk.h"

namespace firstchance {

//! \brief Walks all objects of the GC heap in address order and counts them type by type.
class ObjectWalk {
public:
    ObjectWalk(const ProcessImage& image, const GcHeap& heap);

    struct Total {
        std::uint64_t instances = 0;
        std::uint64_t bytes = 0;
    };
    //! \brief Called for each object when given; address and MethodTable.
    using Visitor = std::function<void(Address object, Address methodTable)>;

    //! \brief False when \p cancelled became true. Counts are added to totals().
    [[nodiscard]] bool run(const std::atomic<bool>* cancelled, const Visitor* visitor = nullptr);

    [[nodiscard]] const HeapTypes& types() const { return types_; }
    //! \brief By the number of the type.
    [[nodiscard]] const std::vector<Total>& totals() const { return totals_; }
    //! \brief Places where the bytes were no object.
    [[nodiscard]] const WalkHoles& holes() const { return walk_.holes(); }

private:
    const GcHeap& heap_;
    HeapTypes types_;
    SegmentWalk walk_;
    std::vector<Total> totals_;
};

} // namespace firstchance
