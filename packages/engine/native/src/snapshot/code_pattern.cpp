#include "snapshot/code_pattern.h"

#include <string.h>

namespace firstchance {

std::vector<std::byte> readCode(const ProcessImage& target, const Mapping& mapping) {
    std::vector<std::byte> code(mapping.range.size());
    code.resize(target.read(mapping.range.begin, code));
    return code;
}

Address findCode(std::span<const std::byte> code, Address begin, std::span<const std::uint8_t> pattern) {
    const void* found = ::memmem(code.data(), code.size(), pattern.data(), pattern.size());
    return found == nullptr
               ? Address()
               : begin + static_cast<std::uint64_t>(static_cast<const std::byte*>(found) - code.data());
}

} // namespace firstchance
