#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/process_image.h"

namespace firstchance {

//! \brief What of the mapping can be read from its beginning.
[[nodiscard]] std::vector<std::byte> readCode(const ProcessImage& target, const Mapping& mapping);

//! \brief Where \p pattern stands first in \p code, which lies at \p begin; null when it does not.
[[nodiscard]] Address findCode(std::span<const std::byte> code, Address begin,
                               std::span<const std::uint8_t> pattern);

//! \brief Whether \p pattern stands at \p address.
template <std::size_t Size> [[nodiscard]] bool codeStandsAt(const ProcessImage& target, Address address,
                                                            const std::array<std::uint8_t, Size>& pattern) {
    std::array<std::uint8_t, Size> bytes{};
    return target.read(address, std::as_writable_bytes(std::span(bytes))) == Size && bytes == pattern;
}

} // namespace firstchance
