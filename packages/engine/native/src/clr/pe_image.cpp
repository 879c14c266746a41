#include "clr/pe_image.h"

#include <algorithm>
#include <array>
#include <utility>

#include "clr/elf_image.h"

namespace firstchance {
namespace {

constexpr std::uint32_t kMostDebugEntries = 64;
constexpr std::uint32_t kCodeViewType = 2;
constexpr std::uint32_t kCodeViewMagic = 0x53445352; // "RSDS"

} // namespace

std::string guidText(std::span<const std::byte, 16> b) {
    const std::array<std::byte, 16> ordered{b[3], b[2], b[1],  b[0],  b[5],  b[4],  b[7],  b[6],
                                            b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]};
    const std::string digits = toHex(ordered);
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i == 8 || i == 12 || i == 16 || i == 20) {
            text += '-';
        }
        text += digits[i];
    }
    return text;
}

std::optional<PeImage> PeImage::parse(const ImageBytes& source, Layout layout) {
    auto headers = PeHeaders::parse([&](std::uint64_t offset, std::span<std::byte> buffer) {
        return source.read(offset, buffer) ? buffer.size() : 0;
    });
    if (!headers || !headers->allSections) {
        return std::nullopt;
    }
    return PeImage(source, layout, std::move(*headers));
}

std::optional<std::uint64_t> PeImage::offsetOf(std::uint32_t virtualAddress) const {
    if (layout_ == Layout::Mapped) {
        return virtualAddress;
    }
    return headers_.fileOffset(virtualAddress);
}

std::optional<PdbReference> PeImage::codeView(std::uint64_t offset, std::uint32_t size) const {
    constexpr std::uint32_t kFixedPart = 24;
    std::array<std::byte, 16> guid{};
    if (size < kFixedPart || source_.value<std::uint32_t>(offset) != kCodeViewMagic ||
        !source_.read(offset + 4, guid)) {
        return std::nullopt;
    }
    PdbReference pdb;
    pdb.guid = guidText(guid);
    pdb.age = source_.value<std::uint32_t>(offset + 20).value_or(0);
    pdb.path = source_.text(offset + kFixedPart, std::min<std::size_t>(size - kFixedPart, 4096));
    return pdb;
}

std::optional<PdbReference> PeImage::pdb() const {
    const auto directory = offsetOf(headers_.debug.address);
    if (headers_.debug.address == 0 || !directory) {
        return std::nullopt;
    }
    struct Entry {
        std::uint32_t characteristics, timestamp;
        std::uint16_t major, minor;
        std::uint32_t type, size, address, fileOffset;
    };
    static_assert(sizeof(Entry) == 28);
    const std::uint32_t count =
        std::min<std::uint32_t>(headers_.debug.size / sizeof(Entry), kMostDebugEntries);
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto entry = source_.value<Entry>(*directory + std::uint64_t{i} * sizeof(Entry));
        if (entry && entry->type == kCodeViewType) {
            const std::uint64_t offset = layout_ == Layout::File ? entry->fileOffset : entry->address;
            if (auto pdb = codeView(offset, entry->size)) {
                return pdb;
            }
        }
    }
    return std::nullopt;
}

std::optional<ImageBytes> PeImage::metadata() const {
    const auto header = offsetOf(headers_.cli.address);
    const auto directory =
        headers_.cli.address != 0 && header ? source_.value<PeHeaders::Directory>(*header + 8) : std::nullopt;
    const auto offset = directory ? offsetOf(directory->address) : std::nullopt;
    return offset ? std::optional<ImageBytes>(source_.part(*offset, directory->size)) : std::nullopt;
}

} // namespace firstchance
