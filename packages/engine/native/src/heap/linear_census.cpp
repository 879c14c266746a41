#include "heap/linear_census.h"

#include <algorithm>

#include "clr/type_names.h"
#include "heap/object_walk.h"

namespace firstchance {
namespace {

std::string describeHoles(const ObjectWalk& walk) {
    return std::to_string(walk.holes()) + (walk.holes() == 1 ? " part" : " parts") + " of the heap with " +
           std::to_string(walk.skippedBytes()) + " bytes could not be walked: no object at " +
           std::to_string(walk.firstHole().value()) +
           ". A thread was just allocating there, or memory is corrupt or missing.";
}

} // namespace

Result<LinearCensus> countObjects(Dac& dac, const GcHeap& heap, const std::atomic<bool>* cancelled) {
    const std::string what = "Counting the objects of process " + std::to_string(dac.image().pid());
    if (!heap.structuresValid) {
        return fail({ErrorCode::Unsupported, what,
                     "a garbage collection was under way, the heap has no order then", "Try again.", 0});
    }
    ObjectWalk walk(dac.image(), heap);
    if (!walk.run(cancelled)) {
        return fail({ErrorCode::Cancelled, what, "it was cancelled", "", 0});
    }
    LinearCensus census;
    for (const auto& [table, type] : walk.types()) {
        if (table == heap.freeType.value()) {
            census.freeBytes += type.bytes;
        } else if (type.instances > 0) {
            census.objects += type.instances;
            census.bytes += type.bytes;
            census.types.push_back({Address(table), typeName(dac, Address(table)),
                                    typeModule(dac, Address(table)), type.instances, type.bytes});
        }
    }
    std::sort(census.types.begin(), census.types.end(), [](const TypeTotal& a, const TypeTotal& b) {
        return a.bytes != b.bytes ? a.bytes > b.bytes : a.methodTable < b.methodTable;
    });
    census.complete = walk.holes() == 0;
    census.why = census.complete ? "" : describeHoles(walk);
    return census;
}

} // namespace firstchance
