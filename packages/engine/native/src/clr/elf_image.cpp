#include "clr/elf_image.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace firstchance {
namespace {

constexpr std::size_t kMostHeaders = 256;
constexpr std::size_t kMostDynamic = 512;
constexpr std::size_t kMostNoteBytes = std::size_t{64} << 10U;
constexpr std::size_t kLongestChain = 100'000;

//! \brief Reads \p count values, or nothing.
template <class T> std::vector<T> readMany(const ProcessImage& image, Address address, std::size_t count) {
    std::vector<T> values(count);
    const auto bytes = std::as_writable_bytes(std::span(values));
    if (image.read(address, bytes) != bytes.size()) {
        values.clear();
    }
    return values;
}

std::uint32_t gnuHash(std::string_view name) {
    std::uint32_t hash = 5381;
    for (const char c : name) {
        hash = hash * 33 + static_cast<unsigned char>(c);
    }
    return hash;
}

} // namespace

std::string toHex(std::span<const std::byte> bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const std::byte byte : bytes) {
        text += kDigits[std::to_integer<unsigned>(byte) >> 4U];
        text += kDigits[std::to_integer<unsigned>(byte) & 0xFU];
    }
    return text;
}

std::optional<ElfImage> ElfImage::read(const ProcessImage& image, Address base) {
    const auto header = image.readValue<Elf64_Ehdr>(base);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
        header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_phentsize != sizeof(Elf64_Phdr) ||
        header->e_phnum == 0 || header->e_phnum > kMostHeaders) {
        return std::nullopt;
    }
    ElfImage elf(image, base);
    elf.headers_ = readMany<Elf64_Phdr>(image, base + header->e_phoff, header->e_phnum);
    std::uint64_t lowest = UINT64_MAX;
    for (const Elf64_Phdr& segment : elf.headers_) {
        if (segment.p_type == PT_LOAD) {
            lowest = std::min<std::uint64_t>(lowest, segment.p_vaddr - segment.p_offset);
        }
    }
    if (lowest == UINT64_MAX) {
        return std::nullopt;
    }
    // The first segment maps file offset 0, where the ELF header lies, to base.
    elf.bias_ = base.value() - lowest;
    return elf;
}

Address ElfImage::relocated(std::uint64_t value) const {
    // glibc adds the load bias to the pointers of the dynamic section in place, musl leaves them as in the
    // file.
    return value < base_.value() ? at(value) : Address(value);
}

std::string ElfImage::buildId() const {
    for (const Elf64_Phdr& segment : headers_) {
        if (segment.p_type != PT_NOTE || segment.p_memsz > kMostNoteBytes) {
            continue;
        }
        const auto bytes = readMany<std::byte>(*image_, at(segment.p_vaddr), segment.p_memsz);
        std::size_t offset = 0;
        while (offset + sizeof(Elf64_Nhdr) <= bytes.size()) {
            Elf64_Nhdr note{};
            std::memcpy(&note, bytes.data() + offset, sizeof note);
            const std::size_t name = offset + sizeof note;
            const std::size_t description =
                name + ((static_cast<std::size_t>(note.n_namesz) + 3) & ~std::size_t{3});
            const std::size_t end =
                description + ((static_cast<std::size_t>(note.n_descsz) + 3) & ~std::size_t{3});
            if (end > bytes.size()) {
                break;
            }
            if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
                std::memcmp(bytes.data() + name, "GNU", 4) == 0) {
                return toHex(std::span(bytes).subspan(description, note.n_descsz));
            }
            offset = end;
        }
    }
    return {};
}

std::optional<ElfImage::SymbolTables> ElfImage::symbolTables() const {
    const auto dynamic = std::find_if(headers_.begin(), headers_.end(),
                                      [](const Elf64_Phdr& segment) { return segment.p_type == PT_DYNAMIC; });
    if (dynamic == headers_.end()) {
        return std::nullopt;
    }
    SymbolTables tables;
    const std::size_t count = std::min<std::size_t>(dynamic->p_memsz / sizeof(Elf64_Dyn), kMostDynamic);
    for (const Elf64_Dyn& entry : readMany<Elf64_Dyn>(*image_, at(dynamic->p_vaddr), count)) {
        switch (entry.d_tag) {
        case DT_GNU_HASH: tables.hash = relocated(entry.d_un.d_ptr); break;
        case DT_SYMTAB: tables.symbols = relocated(entry.d_un.d_ptr); break;
        case DT_STRTAB: tables.strings = relocated(entry.d_un.d_ptr); break;
        default: break;
        }
        if (entry.d_tag == DT_NULL) {
            break;
        }
    }
    if (tables.hash.isNull() || tables.symbols.isNull() || tables.strings.isNull()) {
        return std::nullopt;
    }
    return tables;
}

std::optional<Address> ElfImage::findSymbol(std::string_view name) const {
    const auto tables = symbolTables();
    const auto header = tables ? image_->readValue<std::array<std::uint32_t, 4>>(tables->hash) : std::nullopt;
    if (!header || (*header)[0] == 0) {
        return std::nullopt;
    }
    const auto [buckets, firstHashed, bloomWords, bloomShift] = *header;
    const std::uint32_t hash = gnuHash(name);
    const Address bucketTable = tables->hash + 16 + 8ULL * bloomWords;
    const Address chainTable = bucketTable + 4ULL * buckets;
    auto index = image_->readValue<std::uint32_t>(bucketTable + 4ULL * (hash % buckets)).value_or(0);
    for (std::size_t step = 0; index >= firstHashed && index != 0 && step < kLongestChain; ++step, ++index) {
        const auto chain = image_->readValue<std::uint32_t>(chainTable + 4ULL * (index - firstHashed));
        if (!chain) {
            break;
        }
        if ((*chain | 1U) == (hash | 1U)) {
            const auto symbol =
                image_->readValue<Elf64_Sym>(tables->symbols + sizeof(Elf64_Sym) * std::uint64_t{index});
            if (symbol && symbol->st_shndx != SHN_UNDEF &&
                image_->readString(tables->strings + symbol->st_name, name.size() + 1) == name) {
                return at(symbol->st_value);
            }
        }
        if ((*chain & 1U) != 0) {
            break;
        }
    }
    return std::nullopt;
}

std::vector<AddressRange> ElfImage::writableSegments() const {
    std::vector<AddressRange> ranges;
    for (const Elf64_Phdr& segment : headers_) {
        if (segment.p_type == PT_LOAD && (segment.p_flags & PF_W) != 0) {
            ranges.push_back({at(segment.p_vaddr), at(segment.p_vaddr) + segment.p_filesz});
        }
    }
    return ranges;
}

} // namespace firstchance
