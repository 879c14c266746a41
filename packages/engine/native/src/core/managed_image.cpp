#include "core/managed_image.h"

#include <algorithm>
#include <span>

namespace firstchance {
namespace {

constexpr std::uint16_t kDosMagic = 0x5A4D;
constexpr std::uint32_t kPeMagic = 0x00004550;
constexpr std::uint16_t kPe32 = 0x10B;
constexpr std::uint16_t kPe32Plus = 0x20B;
constexpr std::uint32_t kMostSections = 96; // the loader's own limit
constexpr std::uint64_t kCliDirectory = 14;

struct Directory {
    std::uint32_t address, size;
};

struct Section {
    std::uint32_t virtualSize, address, rawSize, rawOffset;
};

class HeaderReader {
public:
    HeaderReader(const MemoryReader& read, Address base) : read_(read), base_(base) {}

    std::optional<ManagedImage> image() {
        const auto header = value<std::uint32_t>(0x3C);
        if (value<std::uint16_t>(0) != kDosMagic || !header || value<std::uint32_t>(*header) != kPeMagic) {
            return std::nullopt;
        }
        const std::uint64_t coff = std::uint64_t{*header} + 4;
        const std::uint64_t optional = coff + 20;
        const auto magic = value<std::uint16_t>(optional);
        const auto timestamp = value<std::uint32_t>(coff + 4);
        const auto imageSize = value<std::uint32_t>(optional + 56);
        const bool narrow = magic == kPe32;
        const bool wide = magic == kPe32Plus;
        if (!timestamp || !imageSize || !(narrow || wide)) {
            return std::nullopt;
        }
        ManagedImage image{*timestamp, *imageSize};
        sections_ = value<std::uint16_t>(coff + 2).value_or(0);
        sectionTable_ = optional + value<std::uint16_t>(coff + 16).value_or(0);
        const std::uint64_t directories = optional + (narrow ? 96 : 112);
        const auto cli = value<Directory>(directories + kCliDirectory * sizeof(Directory));
        const auto cliAt = cli && cli->size >= 16 ? inFile(cli->address) : std::nullopt;
        const auto metadata = cliAt ? value<Directory>(*cliAt + 8) : std::nullopt;
        if (const auto begin = metadata ? inFile(metadata->address) : std::nullopt) {
            image.metadataBegin = *begin;
            image.metadataEnd = *begin + metadata->size;
        }
        return image;
    }

private:
    template <class T> [[nodiscard]] std::optional<T> value(std::uint64_t offset) const {
        T result{};
        const auto bytes = std::as_writable_bytes(std::span(&result, 1));
        return read_(base_ + offset, bytes) == bytes.size() ? std::optional<T>(result) : std::nullopt;
    }

    //! \brief Offset in the file of what is mapped at \p address, counted from the image's base.
    [[nodiscard]] std::optional<std::uint64_t> inFile(std::uint32_t address) const {
        for (std::uint32_t i = 0; i < std::min(sections_, kMostSections); ++i) {
            const auto section = value<Section>(sectionTable_ + 40ULL * i + 8);
            if (section && address >= section->address && address - section->address < section->rawSize) {
                return std::uint64_t{section->rawOffset} + (address - section->address);
            }
        }
        return std::nullopt;
    }

    const MemoryReader& read_;
    Address base_;
    std::uint32_t sections_ = 0;
    std::uint64_t sectionTable_ = 0;
};

} // namespace

std::optional<ManagedImage> readManagedImage(const MemoryReader& read, Address base) {
    return HeaderReader(read, base).image();
}

} // namespace firstchance
