#include "core/elf_module.h"

#include <algorithm>
#include <cstring>

#include "core/memory_selection.h"

namespace firstchance {
namespace {

constexpr std::size_t kMostOfAModule = 512;
constexpr std::uint64_t kMaxNotes = 64ULL << 10;

template <class T> bool readInto(const MemoryReader& read, Address address, std::span<T> out) {
    const auto bytes = std::as_writable_bytes(out);
    return read(address, bytes) == bytes.size();
}

} // namespace

std::optional<ElfModule> readElfModule(const MemoryReader& read, Address base) {
    Elf64_Ehdr header{};
    if (!readInto(read, base, std::span(&header, 1)) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
        header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_phentsize != sizeof(Elf64_Phdr) ||
        header.e_phnum > kMostOfAModule) {
        return std::nullopt;
    }
    ElfModule module;
    module.base = base;
    module.headerTable = header.e_phoff;
    module.programHeaders.resize(header.e_phnum);
    if (!readInto(read, base + header.e_phoff, std::span(module.programHeaders))) {
        return std::nullopt;
    }
    // The header is the beginning of the lowest PT_LOAD.
    std::uint64_t lowest = UINT64_MAX;
    for (const Elf64_Phdr& program : module.programHeaders) {
        if (program.p_type == PT_LOAD) {
            lowest = std::min(lowest, program.p_vaddr & ~(kCorePage - 1));
        }
    }
    if (lowest == UINT64_MAX) {
        return std::nullopt;
    }
    module.bias = base.value() - lowest;
    return module;
}

std::vector<std::byte> findBuildId(const MemoryReader& read, Address address, std::uint64_t size) {
    std::vector<std::byte> notes(std::min(size, kMaxNotes));
    notes.resize(read(address, notes));
    std::size_t at = 0;
    while (notes.size() - at >= sizeof(Elf64_Nhdr)) {
        Elf64_Nhdr header{};
        std::memcpy(&header, notes.data() + at, sizeof header);
        const std::uint64_t name = at + sizeof header;
        const std::uint64_t content = name + ((std::uint64_t{header.n_namesz} + 3) & ~std::uint64_t{3});
        const std::uint64_t end = content + header.n_descsz;
        if (end > notes.size()) {
            break;
        }
        if (header.n_type == NT_GNU_BUILD_ID && header.n_namesz == sizeof ELF_NOTE_GNU &&
            std::memcmp(notes.data() + name, ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) == 0) {
            return {notes.begin() + static_cast<std::ptrdiff_t>(content),
                    notes.begin() + static_cast<std::ptrdiff_t>(end)};
        }
        at = std::min<std::uint64_t>((end + 3) & ~std::uint64_t{3}, notes.size());
    }
    return {};
}

std::vector<std::byte> buildIdOf(const MemoryReader& read, const ElfModule& module) {
    for (const Elf64_Phdr& header : module.programHeaders) {
        if (header.p_type == PT_NOTE) {
            if (auto id = findBuildId(read, module.at(header.p_vaddr), header.p_memsz); !id.empty()) {
                return id;
            }
        }
    }
    return {};
}

} // namespace firstchance
