#pragma once

#include <cstddef>
#include <cstring>

namespace firstchance::agent {

//! \brief A piece of UTF-8 owned by somebody else. std::string_view would pull libstdc++ into the target.
struct Text {
    const char* data = "";
    std::size_t size = 0;

    constexpr Text() = default;
    constexpr Text(const char* bytes, std::size_t length) : data(bytes), size(length) {}
    constexpr Text(const char* zeroTerminated)
        : data(zeroTerminated), size(__builtin_strlen(zeroTerminated)) {}

    [[nodiscard]] constexpr bool empty() const { return size == 0; }
    [[nodiscard]] constexpr char operator[](std::size_t index) const { return data[index]; }
    [[nodiscard]] constexpr Text from(std::size_t index) const {
        return index >= size ? Text(data + size, 0) : Text(data + index, size - index);
    }
    [[nodiscard]] constexpr Text first(std::size_t count) const {
        return {data, count < size ? count : size};
    }
};

//! \brief ASCII only: folding of other letters depends on a locale the agent must not load.
[[nodiscard]] constexpr unsigned char foldCase(char c) {
    const auto u = static_cast<unsigned char>(c);
    return u >= 'A' && u <= 'Z' ? static_cast<unsigned char>(u + 32) : u;
}

[[nodiscard]] constexpr bool equalsIgnoreCase(Text a, Text b) {
    if (a.size != b.size) {
        return false;
    }
    for (std::size_t i = 0; i < a.size; ++i) {
        if (foldCase(a[i]) != foldCase(b[i])) {
            return false;
        }
    }
    return true;
}

[[nodiscard]] constexpr bool equals(Text a, Text b) {
    return a.size == b.size && (a.size == 0 || __builtin_memcmp(a.data, b.data, a.size) == 0);
}

[[nodiscard]] constexpr bool startsWithIgnoreCase(Text text, Text prefix) {
    return text.size >= prefix.size && equalsIgnoreCase(text.first(prefix.size), prefix);
}

[[nodiscard]] constexpr bool endsWithIgnoreCase(Text text, Text suffix) {
    return text.size >= suffix.size && equalsIgnoreCase(text.from(text.size - suffix.size), suffix);
}

//! \brief What follows the last '/'.
[[nodiscard]] constexpr Text fileName(Text path) {
    for (std::size_t i = path.size; i > 0; --i) {
        if (path[i - 1] == '/') {
            return path.from(i);
        }
    }
    return path;
}

} // namespace firstchance::agent
