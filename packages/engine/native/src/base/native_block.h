#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/address.h"

namespace firstchance {

//! \brief Where memory outside the managed heap comes from. The numbers are part of the heap file
//! (docs/heap-file.md).
enum class NativeKind : std::uint8_t {
    Malloc = 1,    //!< a block of glibc's malloc that is handed out
    Anonymous = 2, //!< private pages that somebody mapped, with nothing behind them
    File = 3,      //!< a mapped file that is no code
};
inline constexpr std::size_t kNativeKinds = 3;

//! \brief Memory that somebody asked for in one piece, as far as can be told; neighbouring anonymous mappings
//! are one to the kernel.
//!
//! Of malloc from what it returned up to the next chunk; the word behind belongs to the program, too.
struct NativeBlock {
    AddressRange range;
    NativeKind kind = NativeKind::Malloc;
};

//! \brief All of them that could be found in one process.
struct NativeBlocks {
    std::vector<NativeBlock> blocks; //!< sorted, without overlap
    std::string why;                 //!< what is missing; empty when nothing is known to be
};

} // namespace firstchance
