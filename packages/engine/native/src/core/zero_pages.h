#pragma once

#include <cstddef>
#include <cstring>
#include <span>

namespace firstchance {

//! \brief Whether all of \p bytes are zero. Compared with itself one byte on: memcmp is the fastest loop
//! there is.
[[nodiscard]] inline bool isZero(std::span<const std::byte> bytes) {
    return bytes.empty() ||
           (bytes[0] == std::byte{0} && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

} // namespace firstchance
