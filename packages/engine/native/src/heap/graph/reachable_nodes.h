#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "heap/graph/heap_graph.h"

namespace firstchance {

//! \brief The reachable nodes of a graph, numbered anew without gaps in the same order.
class ReachableNodes {
public:
    //! \brief \p graph must have its reachableBits and outlive this.
    explicit ReachableNodes(const HeapGraph& graph) : graph_(graph) {
        before_.reserve(words());
        for (std::size_t word = 0; word < words(); ++word) {
            before_.push_back(count_);
            count_ += static_cast<std::uint32_t>(std::popcount(graph_.reachableBits[word]));
        }
    }

    [[nodiscard]] std::uint32_t count() const { return count_; }
    //! \brief The new number of a reachable node.
    [[nodiscard]] std::uint32_t numberOf(std::uint32_t node) const {
        const std::uint64_t below = (std::uint64_t{1} << (node % 64)) - 1;
        return before_[node / 64] +
               static_cast<std::uint32_t>(std::popcount(graph_.reachableBits[node / 64] & below));
    }
    //! \brief Calls \p visit with each reachable node's old number until it answers false; whether it never
    //! did.
    template <class Visit> bool forEach(Visit visit) const {
        for (std::size_t word = 0; word < words(); ++word) {
            for (std::uint64_t bits = graph_.reachableBits[word]; bits != 0; bits &= bits - 1) {
                if (!visit(static_cast<std::uint32_t>(word * 64 + std::countr_zero(bits)))) {
                    return false;
                }
            }
        }
        return true;
    }

private:
    [[nodiscard]] std::size_t words() const { return (std::size_t{graph_.size()} + 63) / 64; }

    const HeapGraph& graph_;
    std::vector<std::uint32_t> before_; //!< reachable nodes before each word of the bits
    std::uint32_t count_ = 0;
};

} // namespace firstchance
