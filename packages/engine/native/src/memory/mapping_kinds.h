#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "base/process_image.h"
#include "memory/glibc_arenas.h"

namespace firstchance {

//! \brief Tells what a mapping is used for, as far as the kernel and glibc know.
class MappingKinds {
public:
    //! \brief \p arenas may be null: then nothing but the break counts as malloc's. \p image must outlive
    //! this.
    MappingKinds(const ProcessImage& image, const GlibcArenas* arenas);

    //! \brief The runtime's code: written through one mapping, executed through another.
    [[nodiscard]] static bool isRuntimeCode(const Mapping& mapping);
    //! \brief Shared memory that is no file to be found in a folder: memfd, SysV, /dev/shm, shared anonymous.
    [[nodiscard]] static bool isSharedMemory(const Mapping& mapping);
    [[nodiscard]] bool isStack(const Mapping& mapping) const;
    //! \brief The break, a heap of an arena, or the chunks of malloc that were mapped by themselves.
    [[nodiscard]] bool isMalloc(const Mapping& mapping) const;
    //! \brief A heap of an arena that is not the main one.
    [[nodiscard]] bool isArenaHeap(const Mapping& mapping) const;
    //! \brief Size of the chunk of malloc that was mapped by itself at \p address and fits into the mapping;
    //! 0 where there is none.
    [[nodiscard]] std::uint64_t mappedChunkAt(Address address, const Mapping& mapping) const;

private:
    const ProcessImage& image_;
    std::vector<Address> stackPointers_; //!< sorted
    std::set<Address> arenas_;
};

} // namespace firstchance
