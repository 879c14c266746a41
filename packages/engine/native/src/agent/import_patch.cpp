#include "agent/import_patch.h"

#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

#include "agent/raw_memory.h"

namespace firstchance::agent {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kJumpSlot = R_X86_64_JUMP_SLOT;
constexpr std::uint32_t kGlobalData = R_X86_64_GLOB_DAT;
#elif defined(__aarch64__)
constexpr std::uint32_t kJumpSlot = R_AARCH64_JUMP_SLOT;
constexpr std::uint32_t kGlobalData = R_AARCH64_GLOB_DAT;
#else
#error "unknown architecture"
#endif

struct Library {
    std::uintptr_t inside = 0;
    std::uintptr_t base = 0;
    const ElfW(Dyn) * dynamic = nullptr;
    std::uintptr_t relroBegin = 0;
    std::uintptr_t relroEnd = 0;
};

int matchLibrary(dl_phdr_info* info, std::size_t, void* data) {
    auto& library = *static_cast<Library*>(data);
    Library found;
    bool contains = false;
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr)& header = info->dlpi_phdr[i];
        const std::uintptr_t begin = info->dlpi_addr + header.p_vaddr;
        if (header.p_type == PT_LOAD) {
            contains = contains || (library.inside >= begin && library.inside < begin + header.p_memsz);
        } else if (header.p_type == PT_DYNAMIC) {
            found.dynamic = memoryAt<const ElfW(Dyn)>(begin);
        } else if (header.p_type == PT_GNU_RELRO) {
            found.relroBegin = begin;
            found.relroEnd = begin + header.p_memsz;
        }
    }
    if (!contains || found.dynamic == nullptr) {
        return 0;
    }
    found.inside = library.inside;
    found.base = info->dlpi_addr;
    library = found;
    return 1;
}

struct Tables {
    const ElfW(Rela) * relocations[2] = {};
    std::size_t counts[2] = {};
    const ElfW(Sym) * symbols = nullptr;
    const char* strings = nullptr;
};

Tables readDynamic(const Library& library) {
    Tables tables;
    for (const ElfW(Dyn)* item = library.dynamic; item->d_tag != DT_NULL; ++item) {
        // glibc has added the base already, musl has not.
        const std::uintptr_t pointer =
            item->d_un.d_ptr < library.base ? library.base + item->d_un.d_ptr : item->d_un.d_ptr;
        switch (item->d_tag) {
        case DT_JMPREL: tables.relocations[0] = memoryAt<const ElfW(Rela)>(pointer); break;
        case DT_PLTRELSZ: tables.counts[0] = item->d_un.d_val / sizeof(ElfW(Rela)); break;
        case DT_RELA: tables.relocations[1] = memoryAt<const ElfW(Rela)>(pointer); break;
        case DT_RELASZ: tables.counts[1] = item->d_un.d_val / sizeof(ElfW(Rela)); break;
        case DT_SYMTAB: tables.symbols = memoryAt<const ElfW(Sym)>(pointer); break;
        case DT_STRTAB: tables.strings = memoryAt<const char>(pointer); break;
        default: break;
        }
    }
    return tables;
}

void** findSlot(const Library& library, Text name) {
    const Tables tables = readDynamic(library);
    if (tables.symbols == nullptr || tables.strings == nullptr) {
        return nullptr;
    }
    for (int table = 0; table < 2; ++table) {
        for (std::size_t i = 0; tables.relocations[table] != nullptr && i < tables.counts[table]; ++i) {
            const ElfW(Rela)& relocation = tables.relocations[table][i];
            const auto type = static_cast<std::uint32_t>(ELF64_R_TYPE(relocation.r_info));
            if ((type == kJumpSlot || type == kGlobalData) &&
                equals(tables.strings + tables.symbols[ELF64_R_SYM(relocation.r_info)].st_name, name)) {
                return memoryAt<void*>(library.base + relocation.r_offset);
            }
        }
    }
    return nullptr;
}

} // namespace

bool replaceImport(const void* addressInside, Text name, void* replacement, void** original) {
    Library library;
    library.inside = reinterpret_cast<std::uintptr_t>(addressInside);
    if (::dl_iterate_phdr(&matchLibrary, &library) != 1) {
        return false;
    }
    void** slot = findSlot(library, name);
    if (slot == nullptr) {
        return false;
    }
    const auto address = reinterpret_cast<std::uintptr_t>(slot);
    const auto pageSize = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    void* page = memoryAt<void>(address & ~(pageSize - 1));
    if (::mprotect(page, pageSize, PROT_READ | PROT_WRITE) != 0) {
        return false;
    }
    *original = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
    __atomic_store_n(slot, replacement, __ATOMIC_RELEASE);
    if (address >= library.relroBegin && address < library.relroEnd) {
        ::mprotect(page, pageSize, PROT_READ);
    }
    return true;
}

} // namespace firstchance::agent
