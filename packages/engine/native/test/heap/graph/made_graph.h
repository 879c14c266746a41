#pragma once

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "heap/graph/heap_graph.h"

namespace firstchance::test {

//! \brief A graph made by hand: references by node, roots, and sizes of 8 times (node + 3) bytes.
inline HeapGraph makeGraph(const std::vector<std::vector<std::uint32_t>>& references,
                           const std::vector<std::uint32_t>& roots) {
    HeapGraph graph;
    graph.types = {{Address(0x1000), "System.Object", "System.Private.CoreLib.dll"}};
    graph.rootNames = {""};
    const std::size_t nodes = references.size();
    std::size_t edges = 0;
    for (const auto& list : references) {
        edges += list.size();
    }
    graph.addresses = BigArray<std::uint64_t>(nodes);
    graph.type = BigArray<std::uint32_t>(nodes);
    graph.size8 = BigArray<std::uint32_t>(nodes);
    graph.firstEdge = BigArray<std::uint32_t>(nodes + 1);
    graph.edges = BigArray<std::uint32_t>(edges);
    graph.firstEdge.push(0);
    for (std::uint32_t node = 0; node < nodes; ++node) {
        graph.addresses.push(0x10000 + std::uint64_t{node} * 0x100);
        graph.type.push(0);
        graph.size8.push(node + 3);
        for (const std::uint32_t target : references[node]) {
            graph.edges.push(target);
        }
        graph.firstEdge.push(static_cast<std::uint32_t>(graph.edges.size()));
    }
    for (const std::uint32_t root : roots) {
        graph.roots.push_back({root, RootKind::StrongHandle, 0});
    }
    return graph;
}

//! \brief Nodes reached from the roots when \p without is taken out.
inline std::vector<bool> reachedWithout(const HeapGraph& graph, std::uint32_t without) {
    std::vector<bool> reached(graph.size());
    std::vector<std::uint32_t> waiting;
    const auto reach = [&](std::uint32_t node) {
        if (node != without && !reached[node]) {
            reached[node] = true;
            waiting.push_back(node);
        }
    };
    for (const GraphRoot& root : graph.roots) {
        reach(root.object);
    }
    while (!waiting.empty()) {
        const std::uint32_t node = waiting.back();
        waiting.pop_back();
        for (const std::uint32_t target : graph.referencesOf(node)) {
            reach(target);
        }
    }
    return reached;
}

//! \brief Fills reachableBits and reachableCount, as the builder does.
inline void markReachable(HeapGraph& graph) {
    const auto reached = reachedWithout(graph, HeapGraph::kNoNode);
    graph.reachableBits = BigArray<std::uint64_t>(graph.size() / 64 + 1);
    graph.reachableBits.resize(graph.size() / 64 + 1);
    graph.reachableCount = 0;
    for (std::uint32_t node = 0; node < graph.size(); ++node) {
        if (reached[node]) {
            graph.reachableBits[node / 64] |= std::uint64_t{1} << (node % 64);
            graph.reachableCount += 1;
        }
    }
}

//! \brief Any graph of 1 to \p most nodes: cycles, references to oneself, duplicates, islands, several roots
//! to one node.
inline HeapGraph randomGraph(std::mt19937& random, std::uint32_t most) {
    const std::uint32_t nodes = 1 + static_cast<std::uint32_t>(random() % most);
    std::vector<std::vector<std::uint32_t>> references(nodes);
    const auto edges = random() % (3 * nodes + 1);
    const bool local = random() % 2 == 0;
    for (std::uint32_t i = 0; i < edges; ++i) {
        const auto from = static_cast<std::uint32_t>(random() % nodes);
        const auto to = static_cast<std::uint32_t>(local ? (from + random() % 4) % nodes : random() % nodes);
        references[from].insert(references[from].end(), random() % 8 == 0 ? 2 : 1, to);
    }
    std::vector<std::uint32_t> roots(random() % 5);
    for (std::uint32_t& root : roots) {
        root = static_cast<std::uint32_t>(random() % nodes);
    }
    return makeGraph(references, roots);
}

} // namespace firstchance::test
