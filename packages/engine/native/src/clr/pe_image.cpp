#include "clr/pe_image.h"

#include <algorithm>
#include <array>

#include "clr/elf_image.h"

namespace firstchance {
namespace {

constexpr std::uint16_t kDosMagic = 0x5A4D;
constexpr std::uint32_t kPeMagic = 0x00004550;
constexpr std::uint16_t kPe32 = 0x10B;
constexpr std::uint16_t kPe32Plus = 0x20B;
constexpr std::uint32_t kMostSections = 96; // the loader's own limit
constexpr std::uint32_t kMostDebugEntries = 64;
constexpr std::uint32_t kDebugDirectory = 6;
constexpr std::uint32_t kCliDirectory = 14;
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

std::optional<PeImage> PeImage::parse(const ByteSource& source, Layout layout) {
    PeImage image(source, layout);
    const auto header = source.value<std::uint32_t>(0x3C);
    if (source.value<std::uint16_t>(0) != kDosMagic || !header ||
        source.value<std::uint32_t>(*header) != kPeMagic) {
        return std::nullopt;
    }
    const std::uint64_t coff = std::uint64_t{*header} + 4;
    const std::uint64_t optional = coff + 20;
    const auto sections = source.value<std::uint16_t>(coff + 2);
    const auto optionalSize = source.value<std::uint16_t>(coff + 16);
    const auto magic = source.value<std::uint16_t>(optional);
    if (!sections || !optionalSize || *sections > kMostSections || (magic != kPe32 && magic != kPe32Plus)) {
        return std::nullopt;
    }
    image.timestamp_ = source.value<std::uint32_t>(coff + 4).value_or(0);
    image.sizeOfImage_ = source.value<std::uint32_t>(optional + 56).value_or(0);
    const std::uint64_t directories = optional + (magic == kPe32 ? 96 : 112);
    const auto directory = [&](std::uint32_t index) {
        const auto found = source.value<Directory>(directories + std::uint64_t{index} * sizeof(Directory));
        return directories + (std::uint64_t{index} + 1) * sizeof(Directory) <= optional + *optionalSize &&
                       found
                   ? *found
                   : Directory{};
    };
    image.debug_ = directory(kDebugDirectory);
    image.cli_ = directory(kCliDirectory);
    for (std::uint32_t i = 0; i < *sections; ++i) {
        const auto section = source.value<Section>(optional + *optionalSize + 40ULL * i + 8);
        if (!section) {
            return std::nullopt;
        }
        image.sections_.push_back(*section);
    }
    return image;
}

std::optional<std::uint64_t> PeImage::offsetOf(std::uint32_t virtualAddress) const {
    if (layout_ == Layout::Mapped) {
        return virtualAddress;
    }
    for (const Section& section : sections_) {
        if (virtualAddress >= section.virtualAddress &&
            virtualAddress - section.virtualAddress < section.rawSize) {
            return std::uint64_t{section.rawOffset} + (virtualAddress - section.virtualAddress);
        }
    }
    return std::nullopt;
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
    const auto directory = offsetOf(debug_.address);
    if (debug_.address == 0 || !directory) {
        return std::nullopt;
    }
    struct Entry {
        std::uint32_t characteristics, timestamp;
        std::uint16_t major, minor;
        std::uint32_t type, size, address, fileOffset;
    };
    static_assert(sizeof(Entry) == 28);
    const std::uint32_t count = std::min<std::uint32_t>(debug_.size / sizeof(Entry), kMostDebugEntries);
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

std::optional<ByteSource> PeImage::metadata() const {
    const auto header = offsetOf(cli_.address);
    const auto directory = cli_.address != 0 && header ? source_.value<Directory>(*header + 8) : std::nullopt;
    const auto offset = directory ? offsetOf(directory->address) : std::nullopt;
    return offset ? std::optional<ByteSource>(source_.part(*offset, directory->size)) : std::nullopt;
}

} // namespace firstchance
