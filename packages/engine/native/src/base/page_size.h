#pragma once

#include <cstdint>

namespace firstchance {

//! \brief Bytes of a page on x86-64, and the smallest page on arm64: mappings begin and end at multiples of
//! it.
inline constexpr std::uint64_t kPageBytes = 4096;

} // namespace firstchance
