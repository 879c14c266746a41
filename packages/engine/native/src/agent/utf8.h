#pragma once

#include <cstddef>
#include <cstdint>

#include "agent/clr_api.h"
#include "agent/text.h"

namespace firstchance::agent {

//! \brief Converts to UTF-8, whole characters only; lone surrogates become U+FFFD. Returns the bytes written,
//! without NUL.
inline std::size_t toUtf8(const Utf16* text, std::size_t length, char* out, std::size_t capacity) {
    std::size_t size = 0;
    std::size_t i = 0;
    // Mostly ASCII: four at a time.
    for (std::uint64_t four = 0; i + 4 <= length && size + 4 <= capacity; i += 4, size += 4) {
        __builtin_memcpy(&four, text + i, sizeof four);
        if ((four & 0xFF80FF80FF80FF80ULL) != 0) {
            break;
        }
        out[size] = static_cast<char>(four);
        out[size + 1] = static_cast<char>(four >> 16);
        out[size + 2] = static_cast<char>(four >> 32);
        out[size + 3] = static_cast<char>(four >> 48);
    }
    for (; i < length; ++i) {
        std::uint32_t c = text[i];
        if (c < 0x80) {
            if (size == capacity) {
                break;
            }
            out[size++] = static_cast<char>(c);
            continue;
        }
        if (c >= 0xD800 && c < 0xE000) {
            const bool pair = c < 0xDC00 && i + 1 < length && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000;
            c = pair ? 0x10000 + ((c - 0xD800) << 10) + (static_cast<std::uint32_t>(text[++i]) - 0xDC00)
                     : 0xFFFD;
        }
        const std::size_t bytes = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        if (capacity - size < bytes) {
            break;
        }
        constexpr std::uint32_t kLead[] = {0, 0, 0xC0, 0xE0, 0xF0};
        for (std::size_t k = bytes; k > 1; --k) {
            out[size + k - 1] = static_cast<char>(0x80 | (c & 0x3F));
            c >>= 6;
        }
        out[size] = static_cast<char>(kLead[bytes] | c);
        size += bytes;
    }
    return size;
}

} // namespace firstchance::agent
