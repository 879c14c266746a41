#include "core/module_symbols.h"

#include <link.h>

#include <algorithm>
#include <array>
#include <vector>

namespace firstchance {
namespace {

constexpr std::uint64_t kMaxDynamic = 64ULL << 10;
constexpr std::uint64_t kMaxTable = 64ULL << 20; // a damaged header must not select the whole process
constexpr std::uint64_t kMaxHashWords = 16ULL << 20;
constexpr std::size_t kMaxLinkMaps = 65536;
constexpr int kMaxNamespaces = 16;              // of dlmopen(3)
constexpr std::uint64_t kPrivateLinkMap = 1200; // glibc's struct link_map, of which 40 bytes are public

template <class T> bool readOne(const MemoryReader& read, Address address, T& out) {
    const auto bytes = std::as_writable_bytes(std::span(&out, 1));
    return read(address, bytes) == bytes.size();
}

struct GnuHashHeader {
    std::uint32_t buckets;
    std::uint32_t firstSymbol;
    std::uint32_t bloomWords;
    std::uint32_t bloomShift;
};

//! \brief Number of dynamic symbols: the end of the chain of the last bucket (there is no count in
//! DT_GNU_HASH).
std::uint64_t countGnuSymbols(const MemoryReader& read, Address table, const GnuHashHeader& header) {
    const Address bucketsAt =
        table + sizeof header + std::uint64_t{header.bloomWords} * sizeof(std::uint64_t);
    std::uint32_t last = 0;
    std::array<std::uint32_t, 1024> chunk{};
    for (std::uint64_t done = 0; done < header.buckets; done += chunk.size()) {
        const auto part =
            std::span(chunk).first(std::min<std::uint64_t>(chunk.size(), header.buckets - done));
        if (read(bucketsAt + done * 4, std::as_writable_bytes(part)) != part.size_bytes()) {
            return 0;
        }
        last = std::max(last, *std::max_element(part.begin(), part.end()));
    }
    if (last < header.firstSymbol) {
        return header.firstSymbol;
    }
    const Address chainAt = bucketsAt + std::uint64_t{header.buckets} * 4;
    for (std::uint64_t symbol = last; symbol < last + kMaxHashWords; ++symbol) {
        std::uint32_t hash = 0;
        if (!readOne(read, chainAt + (symbol - header.firstSymbol) * 4, hash)) {
            return 0;
        }
        if ((hash & 1) != 0) { // the lowest bit ends a chain
            return symbol + 1;
        }
    }
    return 0;
}

} // namespace

DynamicSection readDynamicSection(const MemoryReader& read, const ElfModule& module) {
    DynamicSection section;
    for (const Elf64_Phdr& header : module.programHeaders) {
        if (header.p_type != PT_DYNAMIC) {
            continue;
        }
        std::vector<Elf64_Dyn> entries(std::min(header.p_memsz, kMaxDynamic) / sizeof(Elf64_Dyn));
        const std::size_t got = read(module.at(header.p_vaddr), std::as_writable_bytes(std::span(entries)));
        entries.resize(got / sizeof(Elf64_Dyn));
        for (const Elf64_Dyn& entry : entries) {
            // glibc relocates the pointers in place, musl and the vdso do not.
            const std::uint64_t value = entry.d_un.d_ptr;
            const Address address = value < module.base.value() ? module.at(value) : Address(value);
            switch (entry.d_tag) {
            case DT_SYMTAB: section.symbols = address; break;
            case DT_STRTAB: section.strings = address; break;
            case DT_STRSZ: section.stringBytes = std::min(value, kMaxTable); break;
            case DT_GNU_HASH: section.gnuHash = address; break;
            case DT_HASH: section.hash = address; break;
            case DT_DEBUG: section.debug = Address(value); break;
            case DT_NULL: return section;
            default: break;
            }
        }
    }
    return section;
}

void selectSymbolTables(const MemoryReader& read, const DynamicSection& dynamic, MemorySelection& selection) {
    std::uint64_t symbols = 0;
    GnuHashHeader gnu{};
    if (!dynamic.gnuHash.isNull() && readOne(read, dynamic.gnuHash, gnu) && gnu.buckets <= kMaxHashWords &&
        gnu.bloomWords <= kMaxHashWords) {
        symbols = countGnuSymbols(read, dynamic.gnuHash, gnu);
        const std::uint64_t chains = symbols > gnu.firstSymbol ? symbols - gnu.firstSymbol : 0;
        selection.add(dynamic.gnuHash, sizeof gnu + gnu.bloomWords * 8ULL + gnu.buckets * 4ULL + chains * 4);
    }
    struct {
        std::uint32_t buckets;
        std::uint32_t chains;
    } hash{};
    if (!dynamic.hash.isNull() && readOne(read, dynamic.hash, hash) && hash.buckets <= kMaxHashWords &&
        hash.chains <= kMaxHashWords) {
        selection.add(dynamic.hash, sizeof hash + (std::uint64_t{hash.buckets} + hash.chains) * 4);
        symbols = std::max<std::uint64_t>(symbols, hash.chains);
    }
    if (!dynamic.symbols.isNull()) {
        selection.add(dynamic.symbols, std::min(symbols * sizeof(Elf64_Sym), kMaxTable));
    }
    if (!dynamic.strings.isNull()) {
        selection.add(dynamic.strings, dynamic.stringBytes);
    }
}

void selectLinkMaps(const ProcessImage& image, Address debug, MemorySelection& selection) {
    std::size_t maps = 0;
    for (int space = 0; space < kMaxNamespaces && !debug.isNull(); ++space) {
        const auto state = image.readValue<r_debug>(debug);
        if (!state) {
            return;
        }
        selection.add(debug, sizeof(r_debug) + sizeof(void*));
        Address map(reinterpret_cast<std::uint64_t>(state->r_map));
        while (!map.isNull() && maps++ < kMaxLinkMaps) {
            const auto entry = image.readValue<link_map>(map);
            if (!entry) {
                break;
            }
            selection.add(map, kPrivateLinkMap);
            const Address name(reinterpret_cast<std::uint64_t>(entry->l_name));
            selection.add(name, image.readString(name).size() + 1);
            map = Address(reinterpret_cast<std::uint64_t>(entry->l_next));
        }
        // From version 2 on (glibc 2.35) r_debug_extended points to the next namespace.
        debug = state->r_version >= 2
                    ? Address(image.readValue<std::uint64_t>(debug + sizeof(r_debug)).value_or(0))
                    : Address();
    }
}

} // namespace firstchance
