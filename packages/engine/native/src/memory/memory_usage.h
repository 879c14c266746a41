#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/process_image.h"

namespace firstchance {

//! \brief Private memory by what it is for, in bytes of resident or swapped pages.
struct PrivateMemory {
    std::uint64_t gcHeap = 0;
    std::uint64_t jit = 0;    //!< code, stubs and what the runtime keeps beside them: all it may execute
    std::uint64_t malloc = 0; //!< the break, arenas and mapped chunks of glibc
    std::uint64_t stacks = 0;
    std::uint64_t other = 0; //!< the runtime's own data, libraries' data, anonymous memory of anybody
};

//! \brief What memory a process uses, read from its frozen image.
struct MemoryUsage {
    PrivateMemory privateBytes;
    std::uint64_t mappedBytes = 0; //!< address space of mapped files
    std::uint64_t sharedBytes = 0; //!< address space of memory shared with other processes
    std::uint64_t mappings = 0;
    std::optional<std::uint64_t> mallocBytes; //!< in use; see readGlibcArenas()
};

//! \brief Sorts every mapping by what it is for. \param gcCommitted what the collector has committed, sorted.
[[nodiscard]] MemoryUsage readMemoryUsage(const ProcessImage& image,
                                          std::span<const AddressRange> gcCommitted);

} // namespace firstchance
