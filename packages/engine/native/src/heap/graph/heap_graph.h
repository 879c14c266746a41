#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/big_array.h"

namespace firstchance {

class NodeIndex;

//! \brief Why an object lives. The numbers are part of the heap file (docs/heap-file.md).
enum class RootKind : std::uint8_t {
    Static = 1,
    ThreadStatic = 2,
    Stack = 3,
    StrongHandle = 4,
    PinnedHandle = 5,
    AsyncPinnedHandle = 6,
    RefCountedHandle = 7,
    SizedRefHandle = 8,
    FinalizerQueue = 9, //!< its finalizer is due; dead but for that
    Frozen = 10,        //!< in a read-only segment: literals, RuntimeType objects
    Other = 11,
};

//! \brief One reference from outside the heap to an object.
struct GraphRoot {
    std::uint32_t object = 0; //!< node
    RootKind kind = RootKind::Other;
    std::uint32_t name = 0; //!< index into HeapGraph::rootNames
};

//! \brief A type as it appears in the graph; two MethodTables may have one name (load contexts).
struct GraphType {
    Address methodTable;
    std::string name;   //!< "Namespace.Outer+Inner<System.Int32>", "T[]"
    std::string module; //!< "Shop.dll"; empty if unknown
    //! It is never unloaded: its MethodTable stands for it as long as the process lives.
    bool permanent = false;
};

//! \brief All objects of the managed heap and their references as flat arrays. Nodes are numbered in address
//! order; free space is no node.
struct HeapGraph {
    static constexpr std::uint32_t kNoNode = UINT32_MAX;

    std::vector<GraphType> types;
    BigArray<std::uint64_t> addresses; //!< of each node; may be empty until fillAddresses()
    BigArray<std::uint32_t> type;      //!< of each node: index into types
    BigArray<std::uint32_t> size8;     //!< of each node: bytes / 8, sizes are multiples of 8
    //! size() + 1 entries: references of node n are edges[firstEdge[n] … firstEdge[n + 1])
    BigArray<std::uint32_t> firstEdge;
    //! Nodes referred to, in the order of the fields. Duplicates stay. Among them what the runtime keeps
    //! alive without a field: dependent handles (key to value), types of collectible load contexts (object to
    //! LoaderAllocator).
    BigArray<std::uint32_t> edges;
    std::vector<GraphRoot> roots;       //!< named statics first
    std::vector<std::string> rootNames; //!< [0] is "", "static Shop.Store.s_sessions", "thread 12 main", …
    BigArray<std::uint64_t> reachableBits; //!< one bit per node: reached from roots
    std::uint64_t reachableCount = 0;
    bool complete = true;
    std::string why; //!< why not complete: holes, dangling references, roots that could not be read
    //! Where each node lies, in 1 bit per 8 bytes of heap; empty in a graph read from a file.
    std::shared_ptr<const NodeIndex> index;

    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(type.size()); }
    [[nodiscard]] std::uint64_t bytesOf(std::uint32_t node) const { return std::uint64_t{size8[node]} * 8; }
    [[nodiscard]] std::span<const std::uint32_t> referencesOf(std::uint32_t node) const {
        return edges.span().subspan(firstEdge[node], firstEdge[node + 1] - firstEdge[node]);
    }
    [[nodiscard]] bool isReachable(std::uint32_t node) const {
        return ((reachableBits[node / 64] >> (node % 64)) & 1U) != 0;
    }
};

} // namespace firstchance
