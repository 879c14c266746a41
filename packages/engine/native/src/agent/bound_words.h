#pragma once

#include <elf.h>
#include <link.h>

#include <cstddef>
#include <cstdint>

#include "agent/raw_memory.h"

namespace firstchance::agent {

#if defined(__x86_64__)
inline constexpr std::uint32_t kJumpSlot = R_X86_64_JUMP_SLOT;
inline constexpr std::uint32_t kGlobalData = R_X86_64_GLOB_DAT;
inline constexpr std::uint32_t kPointer = R_X86_64_64;
#elif defined(__aarch64__)
inline constexpr std::uint32_t kJumpSlot = R_AARCH64_JUMP_SLOT;
inline constexpr std::uint32_t kGlobalData = R_AARCH64_GLOB_DAT;
inline constexpr std::uint32_t kPointer = R_AARCH64_ABS64;
#else
#error "unknown architecture"
#endif

//! \brief The tables of a loaded object's dynamic section (elf(5)) by which the loader binds words to
//! symbols.
struct BindingTables {
    const ElfW(Rela) * relocations[2] = {}; //!< of calls; of data
    std::size_t counts[2] = {};
    const ElfW(Sym) * symbols = nullptr;
    const char* strings = nullptr;
};

[[nodiscard]] inline BindingTables readBindingTables(std::uintptr_t base, const ElfW(Dyn) * dynamic) {
    BindingTables tables;
    bool withAddends = true;
    for (const ElfW(Dyn)* item = dynamic; item->d_tag != DT_NULL; ++item) {
        // glibc has added the base already, but not in the kernel's own object; musl never has.
        const std::uintptr_t pointer = item->d_un.d_ptr < base ? base + item->d_un.d_ptr : item->d_un.d_ptr;
        switch (item->d_tag) {
        case DT_JMPREL: tables.relocations[0] = memoryAt<const ElfW(Rela)>(pointer); break;
        case DT_PLTRELSZ: tables.counts[0] = item->d_un.d_val / sizeof(ElfW(Rela)); break;
        case DT_PLTREL: withAddends = item->d_un.d_val == DT_RELA; break;
        case DT_RELA: tables.relocations[1] = memoryAt<const ElfW(Rela)>(pointer); break;
        case DT_RELASZ: tables.counts[1] = item->d_un.d_val / sizeof(ElfW(Rela)); break;
        case DT_SYMTAB: tables.symbols = memoryAt<const ElfW(Sym)>(pointer); break;
        case DT_STRTAB: tables.strings = memoryAt<const char>(pointer); break;
        default: break;
        }
    }
    for (int table = 0; table < 2; ++table) {
        if (tables.relocations[table] == nullptr || (table == 0 && !withAddends)) {
            tables.counts[table] = 0;
        }
    }
    return tables;
}

//! \brief Calls visit(relocation, type) with each relocation of these tables until it returns true.
template <class Visit> void findBoundWord(const BindingTables& tables, Visit visit) {
    for (int table = 0; table < 2; ++table) {
        for (std::size_t i = 0; i < tables.counts[table]; ++i) {
            const ElfW(Rela)& relocation = tables.relocations[table][i];
            if (visit(relocation, static_cast<std::uint32_t>(ELF64_R_TYPE(relocation.r_info)))) {
                return;
            }
        }
    }
}

} // namespace firstchance::agent
