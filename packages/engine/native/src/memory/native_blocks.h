#pragma once

#include "base/native_block.h"
#include "base/process_image.h"
#include "memory/memory_usage.h"

namespace firstchance {

//! \brief Finds the memory outside the managed heap that somebody asked for: blocks of glibc's malloc that
//! are in use, anonymous private mappings, mapped files.
//!
//! Left out: what \p runtime says is the runtime's, executable memory, stacks, the data of libraries, shared
//! memory, code, what the runtime's compiler works in, and what malloc holds but has not handed out. Without
//! glibc's malloc the blocks of the other allocator appear as mappings. Memory: 24 bytes a block, of which
//! there are at most 16 million.
[[nodiscard]] NativeBlocks readNativeBlocks(const ProcessImage& image, const RuntimeMemory& runtime);

} // namespace firstchance
