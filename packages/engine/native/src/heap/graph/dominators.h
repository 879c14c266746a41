#pragma once

#include <atomic>
#include <cstdint>

#include "base/big_array.h"
#include "base/result.h"
#include "heap/graph/heap_graph.h"

namespace firstchance {

//! \brief Which object keeps which alive alone.
struct Dominators {
    //! Of each node its immediate dominator: the nearest other node that lies on every path from the roots to
    //! it. kNoNode where only all roots together keep it, and for unreachable nodes.
    BigArray<std::uint32_t> idom;
    //! Of each node the bytes that would go with it: its own and those of all nodes it dominates; 0 for
    //! unreachable nodes.
    BigArray<std::uint64_t> retained;
};

//! \brief Dominators and retained sizes of what graph.roots reach, whatever graph.reachableBits say.
//!
//! Semi-NCA (Georgiadis, "Linear-Time Algorithms for Dominators and Related Problems", 2005, chapter 2) over
//! the numbers of a depth-first search; nothing recurses. The result takes 12 bytes per node, the work at
//! most 20 bytes per node and 8 per reachable reference beyond the first to each node. Fails with Cancelled
//! when \p cancelled becomes true.
[[nodiscard]] Result<Dominators> computeDominators(const HeapGraph& graph,
                                                   const std::atomic<bool>* cancelled = nullptr);

} // namespace firstchance
