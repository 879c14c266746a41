#pragma once

#include <cstdint>

namespace firstchance::agent {

//! \brief What the hash of a stack begins with: whatever its frames are of.
inline constexpr std::uint64_t kStackHashBegin = 0xcbf29ce484222325ULL;

//! \brief The hash with one more frame, or with what the stack is of.
[[nodiscard]] constexpr std::uint64_t mixStackHash(std::uint64_t hash, std::uint64_t value) {
    hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL;
    return hash ^ hash >> 29U;
}

} // namespace firstchance::agent
