#include "heap/linear_census.h"

#include <algorithm>

#include "clr/type_names.h"
#include "heap/object_walk.h"

namespace firstchance {

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
    for (std::uint32_t number = 0; number < walk.totals().size(); ++number) {
        const ObjectWalk::Total& total = walk.totals()[number];
        const Address table = walk.types()[number].methodTable;
        if (table == heap.freeType) {
            census.freeBytes += total.bytes;
        } else if (total.instances > 0) {
            census.objects += total.instances;
            census.bytes += total.bytes;
            census.types.push_back(
                {table, typeName(dac, table), typeModule(dac, table), total.instances, total.bytes});
        }
    }
    std::sort(census.types.begin(), census.types.end(), [](const TypeTotal& a, const TypeTotal& b) {
        return a.bytes != b.bytes ? a.bytes > b.bytes : a.methodTable < b.methodTable;
    });
    census.complete = walk.holes().holes == 0;
    census.why = walk.holes().describe();
    return census;
}

} // namespace firstchance
