#include "clr/utf16.h"

#include <cstdint>

namespace firstchance {
namespace {

constexpr bool isHigh(char16_t unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}
constexpr bool isLow(char16_t unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

void append(std::string& out, std::uint32_t code) {
    const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80U | ((code >> shift) & 0x3FU)); };
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0U | (code >> 6U));
        tail(0);
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0U | (code >> 12U));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0U | (code >> 18U));
        tail(12);
        tail(6);
        tail(0);
    }
}

} // namespace

std::string toUtf8(std::u16string_view text) {
    constexpr std::uint32_t kReplacement = 0xFFFD;
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char16_t unit = text[i];
        if (isHigh(unit) && i + 1 < text.size() && isLow(text[i + 1])) {
            append(out, 0x10000U + ((unit - 0xD800U) << 10U) + (text[i + 1] - 0xDC00U));
            ++i;
        } else {
            append(out, isHigh(unit) || isLow(unit) ? kReplacement : unit);
        }
    }
    return out;
}

} // namespace firstchance
