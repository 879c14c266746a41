#pragma once

#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

namespace firstchance {

//! \brief Appends the bytes of a value as they lie in memory, which is how an ELF file of this machine has
//! them.
template <class T> void appendValue(std::vector<std::byte>& out, const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto bytes = std::as_bytes(std::span(&value, 1));
    out.insert(out.end(), bytes.begin(), bytes.end());
}

} // namespace firstchance
