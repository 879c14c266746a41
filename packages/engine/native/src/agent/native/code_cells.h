#pragma once

#include <cstddef>
#include <cstdint>

#include "agent/native/pointer_cells.h"

namespace firstchance::agent {

//! \brief What swapping calls in compiled code came to.
struct CodeSwap {
    std::uint32_t swapped = 0;
    std::uint32_t stoodStillUs = 0; //!< the runtime
    std::uint32_t left = 0; //!< must not be written: they cross a cache line, or the runtime did not stop
};

//! \brief Swaps the addresses of these functions in compiled managed code. Optimised code calls a P/Invoke
//! that is resolved by its address, `mov rax, address; call rax`: nothing else would be changed for it.
//!
//! x86-64 only. The runtime stands still meanwhile, as for a collection (ICorProfilerInfo10.SuspendRuntime),
//! so no thread is in managed code; one that is just about to leave it sees the old or the new address, since
//! only what differs is written, by one store within one cache line. Written is through a mapping of our own
//! of the runtime's code memory, whose protections stay as they are. On the agent's thread.
CodeSwap swapCodeCells(void* profilerInfo, const Hook* hooks, std::size_t count, CellSwap swap);

//! \brief The part of \p after that differs from \p before: its lowest byte and size, which is 1, 2, 4 or 8,
//! so that one store at \p address writes it. Size 0 when that store would cross a cache line.
struct CodeStore {
    std::size_t offset = 0;
    std::size_t bytes = 0;
};
[[nodiscard]] CodeStore planCodeStore(std::uintptr_t address, std::uint64_t before, std::uint64_t after);

} // namespace firstchance::agent
