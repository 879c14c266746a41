#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/process_image.h"
#include "core/memory_selection.h"

namespace firstchance {

//! \brief ClrMD 4 refuses a core with more than 10,000 program headers, so fewer are written
//! (DataTargetLimits.cs).
inline constexpr std::size_t kMaxProgramHeaders = 8000;
//! \brief Where createdump puts the page that says "made by the .NET runtime" (specialdiaginfo.h), 64-bit
//! Linux.
inline constexpr Address kDiagnosticInfoAddress{0x00007ffffff10000};

//! \brief One PT_LOAD: [range.begin, range.end) lies in the file from \p fileOffset on, p_filesz == p_memsz.
struct CoreSegment {
    AddressRange range;
    std::uint64_t fileOffset = 0;
    std::uint32_t flags = 0; //!< PF_R, PF_W, PF_X of all mappings in it
};

//! \brief What goes where in the file. Sizes in bytes.
struct CoreLayout {
    std::vector<std::byte> headers;        //!< file header, program headers, notes; padded to a page
    std::vector<CoreSegment> segments;     //!< sorted by address and by file offset
    std::vector<AddressRange> readable;    //!< what of the segments is read from the image; the rest is zero
    std::vector<std::byte> diagnosticPage; //!< content of the segment at kDiagnosticInfoAddress; empty: none
    std::uint64_t fileSize = 0;
    std::uint64_t closedGapBytes =
        0; //!< not selected, but inside a segment to keep the number of headers down
};

struct CoreLayoutOptions {
    pid_t firstThread = 0; //!< written first, so that a debugger shows it first; 0 or unknown: the leader
    Address runtimeBase;   //!< base of libcoreclr.so (or of the single file), null when unknown
    std::size_t maxProgramHeaders = kMaxProgramHeaders;
};

//! \brief Lays out an ELF core of \p selection as gdb, lldb, ClrMD and createdump's readers take it.
[[nodiscard]] CoreLayout layOutCore(const ProcessImage& image, const MemorySelection& selection,
                                    const CoreLayoutOptions& options = {});

} // namespace firstchance
