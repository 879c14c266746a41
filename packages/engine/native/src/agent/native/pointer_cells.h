#pragma once

#include <cstddef>
#include <cstdint>

#include "agent/native/allocation_hooks.h"

namespace firstchance::agent {

enum class CellSwap : std::uint8_t { ToReplacement, ToOriginal };

//! \brief What a hook's address is before and after a swap.
[[nodiscard]] inline std::uintptr_t addressBefore(const Hook& hook, CellSwap swap) {
    return reinterpret_cast<std::uintptr_t>(swap == CellSwap::ToReplacement ? hook.original
                                                                            : hook.replacement);
}
[[nodiscard]] inline std::uintptr_t addressAfter(const Hook& hook, CellSwap swap) {
    return reinterpret_cast<std::uintptr_t>(swap == CellSwap::ToReplacement ? hook.replacement
                                                                            : hook.original);
}

//! \brief Swaps the addresses of these functions in the cells of resolved P/Invokes: the runtime binds
//! [DllImport("libc")] by dlsym, past every global offset table.
//!
//! They lie in the memory that the runtime maps for code and what belongs to it (memfd:doublemapper). Present
//! pages of it are read, through /proc/self/mem since another thread may unmap them meanwhile; a word that is
//! the address is swapped by compare-and-swap, in a mapping of our own for the same reason. Where W^X is
//! switched off (DOTNET_EnableWriteXorExecute=0) there is no such mapping, and nothing is swapped. \returns
//! cells swapped
std::uint32_t swapPointerCells(const Hook* hooks, std::size_t count, CellSwap swap);

} // namespace firstchance::agent
