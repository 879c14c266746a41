#pragma once

#include <string>
#include <vector>

#include "base/process_image.h"
#include "memory/glibc_arenas.h"

namespace firstchance {

//! \brief The blocks of all arenas that malloc has handed out.
struct GlibcChunks {
    //! From what malloc returned up to the next chunk; sorted. The last word that the program may write to
    //! lies behind it, where old links of free lists point as well.
    std::vector<AddressRange> inUse;
    std::vector<AddressRange> heaps; //!< the memory of arenas, in-use and free; not sorted
    std::vector<std::string> unread; //!< parts whose chunks do not hold together, in words
};

//! \brief Walks the chunks of the break and of the arenas' heaps from the first to the last.
//!
//! What threads keep for themselves (tcache) and the lists of small free chunks do not count as in use,
//! though malloc does not mark them. A heap whose chunks do not end where malloc says is left out whole. At
//! most \p most blocks. Only right on a process that stands still.
[[nodiscard]] GlibcChunks readGlibcChunks(const ProcessImage& image, const GlibcArenas& arenas,
                                          std::size_t most);

} // namespace firstchance
