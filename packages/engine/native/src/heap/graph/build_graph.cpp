#include "heap/graph/build_graph.h"

#include <vector>

#include "clr/type_names.h"
#include "heap/graph/graph_roots.h"
#include "heap/graph/graph_walk.h"
#include "heap/graph/reachability.h"

namespace firstchance {
namespace {

//! \brief By the number of the type: whether it gets a name.
std::vector<bool> typesToName(const HeapTypes& types, GraphOptions::TypeNames wanted,
                              const HeapGraph& graph) {
    std::vector<bool> named(types.size(), wanted == GraphOptions::TypeNames::All);
    if (wanted == GraphOptions::TypeNames::Reachable) {
        for (std::uint32_t node = 0; node < graph.size(); ++node) {
            named[graph.type[node]] = named[graph.type[node]] || graph.isReachable(node);
        }
    }
    return named;
}

TypeLabel labelOf(Dac& dac, Address methodTable, const TypeLabels* known) {
    if (known != nullptr) {
        if (const auto found = known->find(methodTable.value()); found != known->end()) {
            return found->second;
        }
    }
    return {typeName(dac, methodTable), typeModule(dac, methodTable)};
}

void fillTypes(Dac& dac, const GraphWalk& walk, const GraphOptions& options, HeapGraph& graph) {
    const HeapTypes& types = walk.types();
    const std::vector<bool> named = typesToName(types, options.typeNames, graph);
    // Free space is a type of the walk too, so that numbers need no translation; no node has it.
    graph.types.reserve(types.size());
    for (std::uint32_t number = 0; number < types.size(); ++number) {
        const Address table = types[number].methodTable;
        GraphType type;
        type.methodTable = table;
        type.permanent = walk.isPermanent(number);
        if (named[number] && !types[number].isFree) {
            TypeLabel label = labelOf(dac, table, options.known);
            type.name = std::move(label.name);
            type.module = std::move(label.module);
        }
        graph.types.push_back(std::move(type));
    }
}

void judge(const GraphWalk& walk, const std::string& rootTrouble, HeapGraph& graph) {
    const auto add = [&](const std::string& why) {
        if (!why.empty()) {
            graph.complete = false;
            graph.why += (graph.why.empty() ? "" : " ") + why;
        }
    };
    add(walk.holes().describe());
    if (walk.dangling() > 0) {
        add(std::to_string(walk.dangling()) + " references lead to no object and are left out.");
    }
    if (!rootTrouble.empty()) {
        add("What keeps objects alive is not known in full: " + rootTrouble + ".");
    }
}

} // namespace

Result<HeapGraph> buildHeapGraph(Dac& dac, const GcHeap& heap, const GraphOptions& options) {
    if (!heap.structuresValid) {
        return fail({ErrorCode::Unsupported,
                     "Building the heap graph of process " + std::to_string(dac.image().pid()),
                     "a garbage collection was under way, the heap has no order then", "Try again.", 0});
    }
    HeapGraph graph;
    const RootAddresses roots = readRoots(dac, options);
    GraphWalk walk(dac, heap, options, roots.hidden);
    if (auto walked = walk.run(graph); !walked) {
        return fail(walked.error());
    }
    resolveRoots(roots, walk, graph);
    markReachable(graph);
    fillTypes(dac, walk, options, graph);
    judge(walk, roots.why, graph);
    return graph;
}

void fillAddresses(HeapGraph& graph) {
    if (graph.addresses.empty() && graph.index) {
        graph.index->fillAddresses(graph.addresses);
    }
}

} // namespace firstchance
