#pragma once

#include "heap/graph/heap_graph.h"

namespace firstchance {

//! \brief Fills reachableBits and reachableCount: all nodes that can be reached from the roots.
void markReachable(HeapGraph& graph);

} // namespace firstchance
