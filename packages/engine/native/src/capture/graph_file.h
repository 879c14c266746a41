#pragma once

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "clr/gc_heap.h"
#include "heap/graph/heap_file.h"

namespace firstchance {

//! \brief Bytes of the heap that no object takes: free space, and what threads hold to allocate in.
[[nodiscard]] std::uint64_t freeBytesOf(const HeapGraph& graph, const GcHeap& heap);

//! \brief Writes \p graph as the heap file \p path, with \p dominators also who retains what, with \p native
//! (may be null) who holds native memory. \p meta comes with what is not in graph and heap. Answers {bytes,
//! objects, references}.
[[nodiscard]] Result<nlohmann::json> writeGraphFile(HeapGraph& graph, const GcHeap& heap, bool dominators,
                                                    HeapFileMeta meta, const std::string& path,
                                                    const NativeOwners* native = nullptr);

} // namespace firstchance
