#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/address.h"

namespace firstchance::glibc {

inline constexpr std::size_t kBins = 127;
inline constexpr std::size_t kFastBins = 10;
//! \brief HEAP_MAX_SIZE: the heaps of arenas but the main one lie at its multiples (malloc/arena.c).
inline constexpr std::uint64_t kHeapSize = 64U << 20U;
inline constexpr std::uint64_t kSmallestChunk = 32;
//! \brief Of a chunk's size: PREV_INUSE, IS_MMAPPED, NON_MAIN_ARENA are the bits below.
inline constexpr std::uint64_t kSizeMask = ~std::uint64_t{7};
inline constexpr std::uint64_t kPreviousInUse = 1;
inline constexpr std::uint64_t kMapped = 2;

//! \brief struct malloc_state of glibc 2.27 to 2.42 on 64 bits.
struct Arena {
    std::int32_t mutex, flags, haveFastChunks, padding;
    std::array<std::uint64_t, kFastBins> fastBins;
    std::uint64_t top, lastRemainder;
    std::array<std::uint64_t, 2 * kBins> bins;
    std::array<std::uint32_t, 4> binMap;
    std::uint64_t next, nextFree, attachedThreads, systemBytes, mostSystemBytes;
};

//! \brief struct malloc_chunk. What is handed out begins at \c forward and ends before the size of the next.
struct Chunk {
    std::uint64_t previousSize, size, forward, backward;
};
inline constexpr std::uint64_t kChunkHeader = 16;

//! \brief The next chunk of a list as it is stored at \p chunk: since 2.32 exclusive-or'ed with the place it
//! lies at (safe linking).
[[nodiscard]] inline std::uint64_t decodeLink(std::uint64_t stored, std::uint64_t chunk) {
    const std::uint64_t decoded = stored ^ ((chunk + kChunkHeader) >> 12U);
    return decoded % 16 == 0 ? decoded : stored;
}

} // namespace firstchance::glibc
