#pragma once

#include <vector>

#include "base/process_image.h"
#include "memory/glibc_arenas.h"

namespace firstchance {

//! \brief A piece of memory that malloc has cut into chunks: the break, or a heap of an arena.
struct GlibcHeap {
    AddressRange range;
    std::vector<Address> firstChunks; //!< where its first chunk may lie, by the version of glibc
    Address top;                      //!< the chunk behind all others, here or in another heap of the arena
    bool isBreak = false;
};

[[nodiscard]] std::vector<GlibcHeap> findGlibcHeaps(const ProcessImage& image, const GlibcArenas& arenas);

//! \brief What is done with the blocks of a heap.
class BlockVisitor {
public:
    BlockVisitor() = default;
    BlockVisitor(const BlockVisitor&) = delete;
    BlockVisitor& operator=(const BlockVisitor&) = delete;
    virtual ~BlockVisitor() = default;
    //! \brief The heap begins, or begins anew: what it has brought so far was not right.
    virtual void begin() = 0;
    //! \brief A block that malloc does not mark as free: from what it returned up to the next chunk. False to
    //! see no more.
    virtual bool visit(const AddressRange& block) = 0;
    //! \brief The heap is over: what it brought since the last begin() stays.
    virtual void end() = 0;
};

//! \brief Walks the chunks of a heap from the first to the last. False, and the heap brings nothing, when
//! they do not end where malloc says. Only right on a process that stands still.
bool visitBlocks(const ProcessImage& image, const GlibcHeap& heap, BlockVisitor& visitor);

} // namespace firstchance
