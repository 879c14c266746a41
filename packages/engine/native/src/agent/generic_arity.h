#pragma once

#include <cstdint>

#include "agent/text.h"

namespace firstchance::agent {

//! \brief A type's name as metadata has it, taken apart: "Dictionary`2" is "Dictionary" of arity 2.
struct MetadataName {
    Text name;
    std::uint32_t arity = 0;
};

[[nodiscard]] constexpr MetadataName splitArity(Text text) {
    std::size_t digits = text.size;
    while (digits > 0 && text[digits - 1] >= '0' && text[digits - 1] <= '9') {
        --digits;
    }
    if (digits == text.size || digits == 0 || text[digits - 1] != '`' || text.size - digits > 3) {
        return {text, 0};
    }
    std::uint32_t arity = 0;
    for (std::size_t i = digits; i < text.size; ++i) {
        arity = arity * 10 + static_cast<std::uint32_t>(text[i] - '0');
    }
    return {text.first(digits - 1), arity};
}

} // namespace firstchance::agent
