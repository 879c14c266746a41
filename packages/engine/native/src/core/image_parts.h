#pragma once

#include <cstdint>
#include <string>

#include "base/process_image.h"
#include "core/memory_selection.h"

namespace firstchance {

//! \brief What selectImageParts() keeps besides the fixed parts.
struct ImagePartsOptions {
    bool stacks = true; //!< from the stack pointer up, and the page around each program counter
    //! The tables that lead to a native function's unwinding instructions. These are in no core of ours: who
    //! has them from the module's file has the tables from there too.
    bool unwindTables = true;
    std::string runtimeModule; //!< path in mappings() of the module whose symbol tables are kept whole
    std::uint64_t stackLimit = 64ULL << 20; //!< bytes kept of one stack at most
};

//! \brief The parts every debugger needs to open a core: stacks, and of each module its headers, build id,
//! dynamic section, unwind header and changed pages, but not the written data of managed images; the loader's
//! list of modules; the symbol tables of the runtime and of the main executable (ClrMD looks up g_dacTable
//! and DotNetRuntimeInfo in the core's memory); the vdso.
//!
//! What cannot be read is left out: a module whose headers are damaged is no failure.
void selectImageParts(const ProcessImage& image, MemorySelection& selection,
                      const ImagePartsOptions& options = {});

//! \brief All private memory that exists, for when nobody can say which of it the runtime's structures need
//! (no DAC): present anonymous pages, copied pages of files, copied shared memory. Anonymous read-write
//! mappings are kept whole, since live objects may lie on pages never touched, unless they are almost empty
//! reservations.
void selectPrivateMemory(const ProcessImage& image, MemorySelection& selection);

//! \brief Everything readable including mapped files, as createdump's Full; device memory is left out, and of
//! almost empty reservations what was never touched.
void selectFull(const ProcessImage& image, MemorySelection& selection);

} // namespace firstchance
