#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "base/big_array.h"
#include "heap/graph/heap_graph.h"

namespace firstchance {

//! \brief The nodes that a graph's roots reach, numbered 1, 2, … in the order in which a depth-first search
//! meets them; number 0 stands for all roots together.
struct DepthFirstTree {
    //! \brief A reference to a node by another one than the first that led to it.
    struct OtherReference {
        std::uint32_t next; //!< index of the next one to the same node, 0: none
        std::uint32_t from; //!< number
    };
    static constexpr std::uint32_t kRoot = UINT32_MAX;
    static constexpr std::uint32_t kCancelInterval = 1U << 16U; //!< nodes between two looks at a cancellation

    std::uint32_t count = 0;        //!< nodes reached: numbers are 1 … count
    BigArray<std::uint32_t> nodes;  //!< by number
    BigArray<std::uint32_t> parent; //!< by number: the number it was reached from
    //! By number: index into otherReferences, 0: none; kRoot: a root refers to it, all else does not matter.
    BigArray<std::uint32_t> firstOther;
    BigArray<OtherReference> otherReferences; //!< [0] is unused
};

//! \brief Searches from all roots; an explicit stack, since lists are millions deep. False when \p cancelled
//! became true.
[[nodiscard]] bool searchDepthFirst(const HeapGraph& graph, const std::atomic<bool>* cancelled,
                                    DepthFirstTree& tree);

} // namespace firstchance
