#include "agent/import_patch.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

#include "agent/bound_words.h"
#include "agent/raw_memory.h"

namespace firstchance::agent {
namespace {

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

void** findSlot(const Library& library, Text name) {
    const BindingTables tables = readBindingTables(library.base, library.dynamic);
    void** slot = nullptr;
    if (tables.symbols == nullptr || tables.strings == nullptr) {
        return slot;
    }
    findBoundWord(tables, [&](const ElfW(Rela) & relocation, std::uint32_t type) {
        if ((type == kJumpSlot || type == kGlobalData) &&
            equals(tables.strings + tables.symbols[ELF64_R_SYM(relocation.r_info)].st_name, name)) {
            slot = memoryAt<void*>(library.base + relocation.r_offset);
        }
        return slot != nullptr;
    });
    return slot;
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
