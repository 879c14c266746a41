#pragma once

#include <cstdint>

#include "base/process_image.h"
#include "memory/glibc_arenas.h"

namespace firstchance {

//! \brief Whether a block that malloc handed out is memory of the runtime's own compiler. \p block begins
//! where malloc said and ends at the next chunk.
[[nodiscard]] bool isJitSlab(const ProcessImage& image, const AddressRange& block);

//! \brief Bytes of malloc, headers included, in slabs of the runtime's own compiler: what it works in, and
//! what it keeps for the next method until a collection finds it unused for two seconds (vm/jithost.cpp).
//! They come and go by megabytes, whatever the program does.
//!
//! Looks at a million blocks at most: slabs behind them stay uncounted.
[[nodiscard]] std::uint64_t readJitSlabBytes(const ProcessImage& image, const GlibcArenas& arenas);

} // namespace firstchance
