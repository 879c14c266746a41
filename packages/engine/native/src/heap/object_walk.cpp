#include "heap/object_walk.h"

namespace firstchance {

ObjectWalk::ObjectWalk(const ProcessImage& image, const GcHeap& heap)
    : heap_(heap), types_(image, heap.freeType), walk_(image, heap, types_) {}

bool ObjectWalk::run(const std::atomic<bool>* cancelled, const Visitor* visitor) {
    const auto count = [&](const WalkedObject& object) {
        if (object.type >= totals_.size()) {
            totals_.resize(types_.size());
        }
        Total& total = totals_[object.type];
        total.instances += 1;
        total.bytes += object.size;
        if (visitor != nullptr) {
            (*visitor)(object.address, types_[object.type].methodTable);
        }
        return true;
    };
    for (const GcSegment& segment : heap_.segments) {
        if (!walk_.run(segment, cancelled, count)) {
            return false;
        }
    }
    return true;
}

} // namespace firstchance
