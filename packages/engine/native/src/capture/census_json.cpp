#include "capture/census_json.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "capture/facts_json.h"

namespace firstchance {

using Json = nlohmann::json;

namespace {

struct Total {
    std::uint64_t instances = 0;
    std::uint64_t bytes = 0;
    void add(const Total& other) {
        instances += other.instances;
        bytes += other.bytes;
    }
};

Json toJson(const Total& total) {
    return {{"instances", total.instances}, {"bytes", total.bytes}};
}

std::vector<TypeTotal> sortedTypes(const HeapGraph& graph, const std::vector<Total>& totals) {
    std::map<std::pair<std::string, std::string>, Total> byName;
    for (std::size_t type = 0; type < totals.size(); ++type) {
        if (totals[type].instances > 0) {
            byName[{graph.types[type].name, graph.types[type].module}].add(totals[type]);
        }
    }
    std::vector<TypeTotal> types;
    types.reserve(byName.size());
    for (const auto& [name, total] : byName) {
        types.push_back({Address(), name.first, name.second, total.instances, total.bytes});
    }
    std::stable_sort(types.begin(), types.end(),
                     [](const TypeTotal& a, const TypeTotal& b) { return a.bytes > b.bytes; });
    return types;
}

//! \brief The runtime's names of handle kinds by number (HNDTYPE_…, src/coreclr/gc/gcinterface.h).
constexpr std::array kHandleKinds = {"weakShort", "weakLong",      "strong",       "pinned",
                                     "variable",  "refCounted",    "dependent",    "asyncPinned",
                                     "sizedRef",  "weakNativeCom", "weakInterior", "crossReference"};

} // namespace

void addGraph(const HeapGraph& graph, const GcHeap& heap, Json& census) {
    std::vector<Total> reachable(graph.types.size());
    Total unreachable;
    for (std::uint32_t node = 0; node < graph.size(); ++node) {
        const Total one{1, graph.bytesOf(node)};
        if (graph.isReachable(node)) {
            reachable[graph.type[node]].add(one);
        } else {
            unreachable.add(one);
        }
    }
    Total all;
    for (const Total& total : reachable) {
        all.add(total);
    }
    const std::uint64_t used = heap.objectBytes();
    const std::uint64_t committed = heap.committedBytes();
    const std::uint64_t objects = all.bytes + unreachable.bytes;
    const auto types = sortedTypes(graph, reachable);
    census["complete"] = graph.complete;
    census["why"] = graph.why;
    census["reachable"] = toJson(all);
    census["unreachable"] = toJson(unreachable);
    census["freeBytes"] = used > objects ? used - objects : 0;
    census["types"] = typesToJson(types, types.size());
    Json& channels = census["channels"];
    channels["instances"] = all.instances;
    channels["managedBytes"] = all.bytes;
    channels["gcHeapBytes"] = {{"used", used}, {"committed", committed}};
}

void addTimers(const std::optional<TimerCounts>& timers, Json& census) {
    census["timers"] = timers ? Json{{"all", timers->all}, {"ending", timers->ending}} : Json(nullptr);
}

void addHandles(const HandleCounts& handles, Json& channels) {
    if (!handles.complete) {
        return;
    }
    Json kinds = Json::object();
    for (std::size_t kind = 0; kind < handles.byKind.size(); ++kind) {
        if (handles.byKind[kind] > 0) {
            kinds[kind < kHandleKinds.size() ? kHandleKinds[kind] : "kind" + std::to_string(kind)] =
                handles.byKind[kind];
        }
    }
    channels["handles"] = handles.all;
    channels["handlesByKind"] = std::move(kinds);
}

void addMemory(const MemoryUsage& usage, Json& channels) {
    const PrivateMemory& bytes = usage.privateBytes;
    channels["privateBytes"] = {{"gcHeap", bytes.gcHeap}, {"loader", bytes.loader}, {"jit", bytes.jit},
                                {"malloc", bytes.malloc}, {"stacks", bytes.stacks}, {"other", bytes.other}};
    channels["mappedBytes"] = usage.mappedBytes;
    channels["sharedBytes"] = usage.sharedBytes;
    channels["mappings"] = usage.mappings;
    if (usage.mallocBytes) {
        channels["mallocBytes"] = *usage.mallocBytes;
    }
}

} // namespace firstchance
