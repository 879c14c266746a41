#include "heap/timers.h"

#include "clr/fields.h"
#include "clr/objects.h"
#include "heap/graph/node_index.h"

namespace firstchance {
namespace {

constexpr const char* kTimer = "System.Threading.TimerQueueTimer";
constexpr std::uint32_t kNever = UINT32_MAX; // Timeout.UnsignedInfinite

struct TimerFields {
    std::uint64_t dueTime;
    std::uint64_t period;
};

std::optional<TimerFields> fieldsOf(Dac& dac, Address methodTable) {
    const auto dueTime = findField(dac, methodTable, "_dueTime");
    const auto period = findField(dac, methodTable, "_period");
    if (!dueTime || !period) {
        return std::nullopt;
    }
    return TimerFields{.dueTime = kObjectHeader + dueTime->offset, .period = kObjectHeader + period->offset};
}

} // namespace

std::optional<TimerCounts> countTimers(Dac& dac, const HeapGraph& graph) {
    TimerCounts counts;
    std::uint32_t type = 0;
    while (type < graph.types.size() && graph.types[type].name != kTimer) {
        ++type;
    }
    if (type == graph.types.size()) {
        return counts;
    }
    const auto fields = fieldsOf(dac, graph.types[type].methodTable);
    if (!fields || !graph.index) {
        return std::nullopt;
    }
    for (std::uint32_t node = 0; node < graph.size(); ++node) {
        if (graph.type[node] != type || !graph.isReachable(node)) {
            continue;
        }
        const Address timer = graph.index->addressOf(node);
        const auto dueTime = dac.readValue<std::uint32_t>(timer + fields->dueTime);
        const auto period = dac.readValue<std::uint32_t>(timer + fields->period);
        if (!dueTime || !period) {
            return std::nullopt;
        }
        counts.all += 1;
        counts.ending += *dueTime != kNever && (*period == kNever || *period == 0) ? 1U : 0U;
    }
    return counts;
}

} // namespace firstchance
