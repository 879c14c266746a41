#pragma once

#include <memory>
#include <string>
#include <vector>

#include "clr/dac.h"
#include "clr/gc_heap.h"
#include "heap/graph/build_graph.h"
#include "heap/graph/heap_graph.h"
#include "heap/graph/node_index.h"
#include "heap/segment_walk.h"

namespace firstchance {

//! \brief A reference without a field: of a dependent handle, key to value.
struct HiddenReference {
    Address from, to;
};

//! \brief Reads all objects and their references in one pass over the heap's memory.
//!
//! References are written down as places (NodeIndex) while walking and turned into nodes where they are
//! afterwards: nothing is read twice, and no table of objects is needed.
class GraphWalk {
public:
    //! \p hidden: sorted by \c from, then by \c to.
    GraphWalk(Dac& dac, const GcHeap& heap, const GraphOptions& options,
              const std::vector<HiddenReference>& hidden);

    //! \brief Fills type, size8, firstEdge, edges and index of \p graph.
    [[nodiscard]] Result<void> run(HeapGraph& graph);

    [[nodiscard]] const HeapTypes& types() const { return types_; }
    //! \brief Types of collectible load contexts can be unloaded; of a type without objects nobody asked.
    [[nodiscard]] bool isPermanent(std::uint32_t type) const {
        return type < loaderAllocators_.size() && loaderAllocators_[type].isNull() &&
               !types_[type].collectibleFlag;
    }
    [[nodiscard]] const WalkHoles& holes() const { return walk_.holes(); }
    //! \brief References that lead to no object; they are left out of the graph.
    [[nodiscard]] std::uint64_t dangling() const { return dangling_; }
    //! \brief First node and node behind the last of the frozen segments.
    struct NodeRange {
        std::uint32_t begin, end;
    };
    [[nodiscard]] const std::vector<NodeRange>& frozen() const { return frozen_; }

private:
    [[nodiscard]] bool visit(const WalkedObject& object, Address end);
    void readFields(const WalkedObject& object, const HeapType& type, Address end);
    void readElements(const WalkedObject& object, const HeapType& type, Address end);
    void readStructs(const WalkedObject& object, const HeapType& type, Address end);
    void addHidden(Address object);
    void addReferences(const std::byte* from, std::uint64_t count);
    void addReference(std::uint64_t target);
    [[nodiscard]] Address loaderAllocatorOf(std::uint32_t type);
    void resolve();
    void dropDangling();
    [[nodiscard]] tl::unexpected<Error> tooLarge(const std::string& why) const;

    Dac& dac_;
    const GcHeap& heap_;
    const GraphOptions& options_;
    const std::vector<HiddenReference>& hidden_;
    std::size_t nextHidden_ = 0;
    HeapTypes types_;
    SegmentWalk walk_;
    HeapGraph* graph_ = nullptr;
    std::shared_ptr<NodeIndex> index_;
    std::vector<Address> loaderAllocators_; //!< by type, as far as asked
    std::vector<NodeRange> frozen_;
    bool everyTypeAsked_; //!< .NET 8: no flag tells that a type is collectible
    bool full_ = false;
    std::uint64_t dangling_ = 0;
};

} // namespace firstchance
