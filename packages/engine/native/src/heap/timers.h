#pragma once

#include <cstdint>
#include <optional>

#include "clr/dac.h"
#include "heap/graph/heap_graph.h"

namespace firstchance {

//! \brief The runtime's timers that are reachable.
struct TimerCounts {
    std::uint64_t all = 0;
    //! Of these, those that fire once and end by it. The others fire again and again, or wait to be set.
    std::uint64_t ending = 0;
};

//! \brief Reads when each System.Threading.TimerQueueTimer fires (System.Private.CoreLib,
//! Threading/Timer.cs); nothing where that could not be read. \p graph must be of the process that \p dac
//! reads, with its index.
[[nodiscard]] std::optional<TimerCounts> countTimers(Dac& dac, const HeapGraph& graph);

} // namespace firstchance
