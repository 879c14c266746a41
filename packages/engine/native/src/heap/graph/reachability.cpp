#include "heap/graph/reachability.h"

#include <vector>

namespace firstchance {

void markReachable(HeapGraph& graph) {
    const std::size_t words = (std::size_t{graph.size()} + 63) / 64;
    graph.reachableBits = BigArray<std::uint64_t>(words);
    graph.reachableBits.resize(words);
    graph.reachableCount = 0;
    std::uint64_t* bits = graph.reachableBits.data();
    BigArray<std::uint32_t> stack(graph.size());
    std::size_t depth = 0;
    const auto push = [&](std::uint32_t node) {
        const std::uint64_t bit = std::uint64_t{1} << (node % 64);
        if ((bits[node / 64] & bit) == 0) {
            bits[node / 64] |= bit;
            stack[depth++] = node; // each node once: the stack never holds more than there are
        }
    };
    const std::uint32_t* firstEdge = graph.firstEdge.data();
    const std::uint32_t* edges = graph.edges.data();
    for (const GraphRoot& root : graph.roots) {
        push(root.object);
        while (depth > 0) {
            const std::uint32_t node = stack[--depth];
            graph.reachableCount += 1;
            const std::uint32_t end = firstEdge[node + 1];
            for (std::uint32_t i = firstEdge[node]; i < end; ++i) {
                push(edges[i]);
            }
        }
    }
}

} // namespace firstchance
