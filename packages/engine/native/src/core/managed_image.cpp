#include "core/managed_image.h"

#include "base/pe_headers.h"

namespace firstchance {
namespace {

//! \brief The metadata's directory, which the CLI header names (ECMA-335 II.25.3.3).
std::optional<PeHeaders::Directory> metadataDirectory(const PeHeaders& headers, const PeHeaders::Read& read) {
    const auto header = headers.cli.size >= 16 ? headers.fileOffset(headers.cli.address) : std::nullopt;
    PeHeaders::Directory directory;
    const auto bytes = std::as_writable_bytes(std::span(&directory, 1));
    return header && read(*header + 8, bytes) == bytes.size() ? std::optional(directory) : std::nullopt;
}

} // namespace

std::optional<ManagedImage> readManagedImage(const MemoryReader& memory, Address base) {
    const PeHeaders::Read read = [&](std::uint64_t offset, std::span<std::byte> out) {
        return memory(base + offset, out);
    };
    const auto headers = PeHeaders::parse(read);
    if (!headers || !headers->timestamp || !headers->sizeOfImage) {
        return std::nullopt;
    }
    ManagedImage image{*headers->timestamp, *headers->sizeOfImage};
    const auto metadata = metadataDirectory(*headers, read);
    if (const auto begin = metadata ? headers->fileOffset(metadata->address) : std::nullopt) {
        image.metadataBegin = *begin;
        image.metadataEnd = *begin + metadata->size;
    }
    return image;
}

} // namespace firstchance
