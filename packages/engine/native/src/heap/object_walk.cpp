#include "heap/object_walk.h"

#include <algorithm>

#include "heap/segment_walk.h"

namespace firstchance {

bool visitObjects(const ProcessImage& image, const GcHeap& heap, const std::atomic<bool>* cancelled,
                  const std::function<void(Address object, Address methodTable)>& visit) {
    HeapTypes types(image, heap.freeType);
    SegmentWalk walk(image, heap, types);
    const auto visitOne = [&](const WalkedObject& object) {
        visit(object.address, types[object.type].methodTable);
        return true;
    };
    return std::all_of(heap.segments.begin(), heap.segments.end(),
                       [&](const GcSegment& segment) { return walk.run(segment, cancelled, visitOne); });
}

} // namespace firstchance
