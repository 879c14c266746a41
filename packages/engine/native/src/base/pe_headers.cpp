#include "base/pe_headers.h"

#include <algorithm>

namespace firstchance {
namespace {

constexpr std::uint32_t kPeMagic = 0x00004550;
constexpr std::uint16_t kPe32 = 0x10B;
constexpr std::uint16_t kPe32Plus = 0x20B;
constexpr std::uint16_t kMostSections = 96; // the loader's own limit
constexpr std::uint64_t kDebugDirectory = 6;
constexpr std::uint64_t kCliDirectory = 14;

template <class T> std::optional<T> value(const PeHeaders::Read& read, std::uint64_t offset) {
    T result{};
    const auto bytes = std::as_writable_bytes(std::span(&result, 1));
    return read(offset, bytes) == bytes.size() ? std::optional<T>(result) : std::nullopt;
}

} // namespace

std::optional<PeHeaders> PeHeaders::parse(const Read& read) {
    const auto header = value<std::uint32_t>(read, 0x3C);
    if (value<std::uint16_t>(read, 0) != kDosMagic || !header ||
        value<std::uint32_t>(read, *header) != kPeMagic) {
        return std::nullopt;
    }
    const std::uint64_t coff = std::uint64_t{*header} + 4;
    const std::uint64_t optional = coff + 20;
    const auto magic = value<std::uint16_t>(read, optional);
    const bool narrow = magic == kPe32;
    const bool wide = magic == kPe32Plus;
    if (!(narrow || wide)) {
        return std::nullopt;
    }
    PeHeaders headers;
    headers.timestamp = value<std::uint32_t>(read, coff + 4);
    headers.sizeOfImage = value<std::uint32_t>(read, optional + 56);
    const auto optionalSize = value<std::uint16_t>(read, coff + 16);
    const std::uint64_t end = optional + optionalSize.value_or(0);
    const auto directory = [&](std::uint64_t index) {
        const std::uint64_t at = optional + (narrow ? 96 : 112) + index * sizeof(Directory);
        return at + sizeof(Directory) <= end ? value<Directory>(read, at).value_or(Directory{}) : Directory{};
    };
    headers.debug = directory(kDebugDirectory);
    headers.cli = directory(kCliDirectory);
    const auto count = value<std::uint16_t>(read, coff + 2);
    for (std::uint64_t i = 0; i < std::min(count.value_or(0), kMostSections); ++i) {
        const auto section = value<Section>(read, end + 40 * i + 8);
        if (!section) {
            break;
        }
        headers.sections.push_back(*section);
    }
    headers.allSections = count && optionalSize && headers.sections.size() == *count;
    return headers;
}

std::optional<std::uint64_t> PeHeaders::fileOffset(std::uint32_t address) const {
    for (const Section& section : sections) {
        if (address >= section.address && address - section.address < section.rawSize) {
            return std::uint64_t{section.rawOffset} + (address - section.address);
        }
    }
    return std::nullopt;
}

} // namespace firstchance
