#include "core/note_reader.h"

#include <elf.h>

#include <array>

namespace firstchance {
namespace {

constexpr std::uint64_t padded(std::uint64_t size) {
    return (size + 3) & ~std::uint64_t{3};
}

//! \brief Owners of interest are short; of a longer one only the beginning is looked at.
constexpr std::size_t kOwnerBytes = 16;

} // namespace

std::string forEachNote(const ByteSource& source, std::uint64_t offset, std::uint64_t size,
                        const std::function<std::string(const Note&)>& use) {
    const std::uint64_t end = offset + size;
    while (end - offset >= sizeof(Elf64_Nhdr)) {
        std::string where = "its note at offset " + std::to_string(offset);
        Elf64_Nhdr header{};
        if (source.read(offset, std::as_writable_bytes(std::span(&header, 1))) != sizeof header) {
            return where + " cannot be read";
        }
        if (header.n_namesz == 0 && header.n_descsz == 0 && header.n_type == 0) {
            return {}; // padding up to the end of the segment
        }
        const std::uint64_t content = offset + sizeof header + padded(header.n_namesz);
        // The padding of the last note may be missing.
        if (content > end || header.n_descsz > end - content) {
            return where + " ends beyond its segment";
        }
        std::array<char, kOwnerBytes> owner{};
        const std::size_t ownerSize = std::min<std::size_t>(header.n_namesz, owner.size());
        if (source.read(offset + sizeof header, std::as_writable_bytes(std::span(owner).first(ownerSize))) !=
            ownerSize) {
            return where + " cannot be read";
        }
        std::string_view text(owner.data(), ownerSize);
        text = text.substr(0, text.find('\0'));
        if (std::string fault = use({text, header.n_type, content, header.n_descsz}); !fault.empty()) {
            return where.append(" ").append(fault);
        }
        const std::uint64_t next = content + padded(header.n_descsz);
        if (next >= end) {
            break;
        }
        offset = next;
    }
    return {};
}

} // namespace firstchance
