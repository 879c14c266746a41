#pragma once

#include <optional>

#include <nlohmann/json.hpp>

#include "clr/gc_heap.h"
#include "clr/handle_counts.h"
#include "heap/graph/heap_graph.h"
#include "heap/timers.h"
#include "memory/memory_usage.h"

namespace firstchance {

//! \brief Into \p census: complete, why, reachable, unreachable, freeBytes, types, and the channels
//! instances, managedBytes, gcHeapBytes. Types of one name and module (load contexts) are one entry.
void addGraph(const HeapGraph& graph, const GcHeap& heap, nlohmann::json& census);
//! \brief Into \p census: timers, null where they could not be read.
void addTimers(const std::optional<TimerCounts>& timers, nlohmann::json& census);
//! \brief The channels handles and handlesByKind; neither when not all handles could be counted.
void addHandles(const HandleCounts& handles, nlohmann::json& channels);
//! \brief The channels that memory has.
void addMemory(const MemoryUsage& usage, nlohmann::json& channels);

} // namespace firstchance
