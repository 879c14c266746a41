#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/process_image.h"

namespace firstchance {

//! \brief What glibc's malloc holds and has handed out.
struct GlibcArenas {
    std::uint64_t systemBytes = 0; //!< taken from the kernel for arenas
    std::uint64_t inUseBytes = 0;  //!< of these, handed out or kept in a thread's cache
    std::vector<Address> arenas;   //!< the main one first
    std::vector<Address> tops;     //!< of each: the chunk behind all others
    //! Chunks on short lists of small free ones, which malloc does not mark as free.
    std::vector<Address> fastChunks;
};

//! \brief Walks all arenas and their lists of free chunks, without symbols.
//!
//! The main arena is found in libc's writable memory by its empty bins, which point at themselves
//! (malloc/malloc.c, struct malloc_state, the same from glibc 2.27 on). Only right on a process that stands
//! still. Nothing when there is no glibc, another allocator is used, or a list is torn: rather none than a
//! wrong number.
[[nodiscard]] std::optional<GlibcArenas> readGlibcArenas(const ProcessImage& image);

//! \brief Whether a mapping is of the C library, or of an allocator that replaces its malloc.
[[nodiscard]] bool isGlibc(const Mapping& mapping);
[[nodiscard]] bool isOtherAllocator(const Mapping& mapping);

} // namespace firstchance
