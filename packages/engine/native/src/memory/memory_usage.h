#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/process_image.h"

namespace firstchance {

//! \brief Private memory by what it is for, in bytes of resident or swapped pages.
struct PrivateMemory {
    std::uint64_t gcHeap = 0;
    std::uint64_t loader = 0; //!< what the runtime keeps of loaded types and methods, and its stubs
    std::uint64_t jit = 0;    //!< compiled code and what lies beside it: all else that it may execute
    std::uint64_t malloc = 0; //!< the break, arenas and mapped chunks of glibc
    std::uint64_t stacks = 0;
    std::uint64_t other = 0; //!< the runtime's other data, libraries' data, anonymous memory of anybody
};

//! \brief What memory a process uses, read from its frozen image.
struct MemoryUsage {
    PrivateMemory privateBytes;
    std::uint64_t mappedBytes = 0; //!< address space of mapped files
    std::uint64_t sharedBytes = 0; //!< address space of memory shared with other processes
    std::uint64_t mappings = 0;    //!< see countMappings()
    //! In use, but for what the runtime's compiler works in; see readGlibcArenas(), readJitSlabBytes().
    std::optional<std::uint64_t> mallocBytes;
};

//! \brief Memory of which only the runtime knows what it is for. Each sorted, without overlaps.
struct RuntimeMemory {
    std::span<const AddressRange> gcCommitted;
    std::span<const AddressRange> loaderHeaps; //!< page aligned
};

//! \brief Sorts every mapping by what it is for.
[[nodiscard]] MemoryUsage readMemoryUsage(const ProcessImage& image, const RuntimeMemory& runtime);

} // namespace firstchance
