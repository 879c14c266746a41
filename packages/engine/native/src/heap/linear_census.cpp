#include "heap/linear_census.h"

#include <algorithm>
#include <thread>

#include "clr/type_names.h"
#include "heap/type_counts.h"

namespace firstchance {
namespace {

//! \brief Two where there are processors and enough to do: a heap of 16 MB takes 5 ms.
unsigned threadsFor(const GcHeap& heap) {
    constexpr std::uint64_t kWorthAThread = 16U << 20U;
    std::uint64_t bytes = 0;
    for (const GcSegment& segment : heap.segments) {
        bytes += segment.objects.size();
    }
    return bytes >= kWorthAThread && std::thread::hardware_concurrency() > 1 ? 2 : 1;
}

} // namespace

Result<LinearCensus> countObjects(Dac& dac, const GcHeap& heap, const std::atomic<bool>* cancelled) {
    const std::string what = "Counting the objects of process " + std::to_string(dac.image().pid());
    if (!heap.structuresValid) {
        return fail({ErrorCode::Unsupported, what,
                     "a garbage collection was under way, the heap has no order then", "Try again.", 0});
    }
    const auto counts = countTypes(dac.image(), heap, threadsFor(heap), cancelled);
    if (!counts) {
        return fail({ErrorCode::Cancelled, what, "it was cancelled", "", 0});
    }
    LinearCensus census;
    for (const auto& [table, instances, bytes] : counts->types) {
        if (table == heap.freeType) {
            census.freeBytes += bytes;
        } else {
            census.objects += instances;
            census.bytes += bytes;
            census.types.push_back({table, typeName(dac, table), typeModule(dac, table), instances, bytes});
        }
    }
    std::sort(census.types.begin(), census.types.end(), [](const TypeTotal& a, const TypeTotal& b) {
        return a.bytes != b.bytes ? a.bytes > b.bytes : a.methodTable < b.methodTable;
    });
    census.complete = counts->holes.holes == 0;
    census.why = counts->holes.describe();
    return census;
}

} // namespace firstchance
