#pragma once

#include <cstdint>
#include <vector>

#include "base/process_image.h"

namespace firstchance::glibc {

//! \brief Size of the chunk that holds a struct tcache_perthread_struct, glibc 2.30 to 2.41. Later ones,
//! which are larger, are not known here: what lies in them then counts as in use.
inline constexpr std::uint64_t kTcacheChunk = 0x290;

//! \brief Adds the blocks that a thread keeps for its next allocations, when the block at \p address is its
//! list of them: then each entry is a chunk of the size of its list. Otherwise adds nothing.
void addCachedBlocks(const ProcessImage& image, Address address, std::vector<Address>& blocks);

} // namespace firstchance::glibc
