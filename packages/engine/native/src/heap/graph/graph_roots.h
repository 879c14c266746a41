#pragma once

#include <string>
#include <vector>

#include "clr/dac.h"
#include "heap/graph/build_graph.h"
#include "heap/graph/graph_walk.h"
#include "heap/graph/heap_graph.h"

namespace firstchance {

//! \brief Everything that keeps objects alive from outside the heap, by address; read before the heap is.
struct RootAddresses {
    struct Root {
        Address object;
        RootKind kind = RootKind::Other;
        std::uint32_t name = 0; //!< index into names
        bool interior = false;  //!< \c object may point into the object
        Address slot; //!< of a static field: where its reference lies, itself in an array on the heap
    };
    std::vector<Root> roots;        //!< named statics first
    std::vector<std::string> names; //!< [0] is ""
    std::vector<HiddenReference> hidden;
    std::string why; //!< why not complete; empty if it is
};

[[nodiscard]] RootAddresses readRoots(Dac& dac, const GraphOptions& options);

//! \brief Turns them into nodes: fills roots and rootNames of \p graph.
void resolveRoots(const RootAddresses& roots, const GraphWalk& walk, HeapGraph& graph);

} // namespace firstchance
