#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/native_block.h"
#include "base/process_image.h"
#include "clr/gc_heap.h"
#include "heap/graph/heap_graph.h"

namespace firstchance {

//! \brief Native memory that one object holds.
struct NativeHolding {
    std::uint32_t node = 0;
    NativeKind kind = NativeKind::Malloc;
    //! Native blocks on the way, the one held included. 1: the object itself points to it.
    std::uint8_t depth = 1;  //!< 255: that, or more
    std::uint64_t bytes = 0; //!< of mappings only the pages that are there
};

//! \brief Native memory of one kind, all of it and what of it a reachable object holds.
struct NativeTotal {
    std::uint64_t blocks = 0;
    std::uint64_t bytes = 0;
    std::uint64_t heldBytes = 0;
};

//! \brief Who holds the native memory of a process.
struct NativeOwners {
    std::vector<NativeHolding> holdings; //!< sorted by node, kind, depth, each once
    std::array<NativeTotal, kNativeKinds> totals;
    std::string why; //!< what was not looked at; empty: nothing
};

struct NativeSearchOptions {
    const std::atomic<bool>* cancelled = nullptr;
    //! Of processor time, so that a busy machine gets the same answer, and five times as long by the clock;
    //! then the search ends with what it has.
    std::chrono::milliseconds limit{3000};
};

//! \brief Finds the managed object that is nearest to each native block, over pointers from objects into
//! blocks and from blocks into blocks.
//!
//! Every word of a reachable object and of a held block that has the value of an address in a block counts as
//! a pointer, whatever its type: an IntPtr, a field of a SafeHandle, a structure of a library. So it may be a
//! number, or be left over in memory that is not used any more. What objects point to themselves the nearest
//! has; behind that, objects of the program come before those of the framework and of the runtime, and
//! pointers to the begin of a block before those into its middle. A mapping that is pointed to at several
//! page borders is as many blocks.
//!
//! Needs graph.addresses and graph.reachableBits. Time: reading the heap once more, and what is held of
//! native memory, at most 1 GB. Memory: 40 bytes a block and 24 a pointer into a mapping.
[[nodiscard]] NativeOwners findNativeOwners(const ProcessImage& image, const GcHeap& heap,
                                            const HeapGraph& graph, const NativeBlocks& blocks,
                                            const NativeSearchOptions& options = {});

} // namespace firstchance
