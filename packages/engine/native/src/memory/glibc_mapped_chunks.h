#pragma once

#include <cstdint>
#include <optional>

#include "base/process_image.h"

namespace firstchance {

//! \brief The large allocations of glibc's malloc, each of which is a mapping of its own.
struct GlibcMappedChunks {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
};

//! \brief Reads malloc's own count (malloc/malloc.c, struct malloc_par), found in libc's writable memory by
//! the values it has at its start. Nothing when it cannot be told from other data, e.g. because the program
//! changed M_MMAP_MAX.
[[nodiscard]] std::optional<GlibcMappedChunks> readGlibcMappedChunks(const ProcessImage& image);

} // namespace firstchance
