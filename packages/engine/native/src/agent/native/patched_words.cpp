#include "agent/native/patched_words.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/bound_words.h"
#include "agent/maps_reader.h"
#include "agent/native/pointer_cells.h"
#include "agent/raw_memory.h"

namespace firstchance::agent {
namespace {

struct Slot {
    std::uintptr_t* address;
    std::uintptr_t original;
    std::uintptr_t replacement;
};
// Some 130 in a program of ASP.NET.
constexpr std::size_t kMaxSlots = 8192;
Slot g_slots[kMaxSlots];
std::size_t g_slotCount = 0;

//! A loaded object, as far as its writable words matter.
struct Object {
    std::uintptr_t base = 0;
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    const ElfW(Dyn) * dynamic = nullptr;
    std::uintptr_t relroBegin = 0; //!< whole pages, as the loader protects them
    std::uintptr_t relroEnd = 0;

    [[nodiscard]] bool contains(std::uintptr_t address) const { return address >= begin && address < end; }
};

Object describe(const dl_phdr_info& info) {
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    Object object;
    object.base = info.dlpi_addr;
    object.begin = ~std::uintptr_t{0};
    for (int i = 0; i < info.dlpi_phnum; ++i) {
        const ElfW(Phdr)& header = info.dlpi_phdr[i];
        const std::uintptr_t begin = info.dlpi_addr + header.p_vaddr;
        const std::uintptr_t end = begin + header.p_memsz;
        if (header.p_type == PT_LOAD) {
            object.begin = begin < object.begin ? begin : object.begin;
            object.end = end > object.end ? end : object.end;
        } else if (header.p_type == PT_DYNAMIC) {
            object.dynamic = memoryAt<const ElfW(Dyn)>(begin);
        } else if (header.p_type == PT_GNU_RELRO) {
            object.relroBegin = begin & ~(page - 1);
            object.relroEnd = end & ~(page - 1);
        }
    }
    return object;
}

//! Makes the pages that are read-only after relocation writable while it exists.
class WritableObject {
public:
    explicit WritableObject(const Object& object) : object_(object) {}
    WritableObject(const WritableObject&) = delete;
    WritableObject& operator=(const WritableObject&) = delete;
    ~WritableObject() {
        if (changed_) {
            protect(PROT_READ);
        }
    }

    //! False when the word must not be written now.
    bool prepare(std::uintptr_t address) {
        if (address < object_.relroBegin || address >= object_.relroEnd || changed_) {
            return true;
        }
        changed_ = isProtected() && protect(PROT_READ | PROT_WRITE);
        return changed_;
    }

private:
    //! Not before the loader has done so: it is relocating the object, and would take our protection for its
    //! own.
    [[nodiscard]] bool isProtected() const {
        MapsReader maps;
        OwnMapping mapping;
        std::uintptr_t at = object_.relroBegin;
        while (at < object_.relroEnd && maps.next(mapping)) {
            if (mapping.end > at) {
                if (mapping.begin > at || !mapping.readable || mapping.writable) {
                    return false;
                }
                at = mapping.end;
            }
        }
        return at >= object_.relroEnd;
    }
    bool protect(int protection) {
        return ::mprotect(memoryAt<void>(object_.relroBegin), object_.relroEnd - object_.relroBegin,
                          protection) == 0;
    }

    const Object& object_;
    bool changed_ = false;
};

//! Calls visit(address) with each word that the loader has bound to a symbol.
template <class Visit> void forEachBoundWord(const Object& object, Visit visit) {
    findBoundWord(readBindingTables(object.base, object.dynamic),
                  [&](const ElfW(Rela) & relocation, std::uint32_t type) {
                      const std::uintptr_t address = object.base + relocation.r_offset;
                      if ((type == kJumpSlot || type == kGlobalData || type == kPointer) &&
                          address % sizeof(std::uintptr_t) == 0 && object.contains(address)) {
                          visit(memoryAt<std::uintptr_t>(address));
                      }
                      return false;
                  });
}

void patchObject(const Object& object, const Hook* hooks, std::size_t count, PatchCounts& counts) {
    WritableObject writable(object);
    forEachBoundWord(object, [&](std::uintptr_t* word) {
        const std::uintptr_t value = __atomic_load_n(word, __ATOMIC_ACQUIRE);
        for (std::size_t i = 0; i < count; ++i) {
            const auto original = reinterpret_cast<std::uintptr_t>(hooks[i].original);
            if (value != original) {
                continue;
            }
            if (g_slotCount == kMaxSlots) {
                counts.full = true;
            } else if (writable.prepare(reinterpret_cast<std::uintptr_t>(word))) {
                const auto replacement = reinterpret_cast<std::uintptr_t>(hooks[i].replacement);
                g_slots[g_slotCount++] = {word, original, replacement};
                __atomic_store_n(word, replacement, __ATOMIC_RELEASE);
                ++counts.slots;
            }
            return;
        }
    });
}

void restoreObject(const Object& object) {
    WritableObject writable(object);
    for (std::size_t i = 0; i < g_slotCount; ++i) {
        const Slot& slot = g_slots[i];
        const auto address = reinterpret_cast<std::uintptr_t>(slot.address);
        // Another object may lie at the place of an unloaded one.
        if (object.contains(address) && __atomic_load_n(slot.address, __ATOMIC_ACQUIRE) == slot.replacement &&
            writable.prepare(address)) {
            __atomic_store_n(slot.address, slot.original, __ATOMIC_RELEASE);
        }
    }
}

struct Patching {
    const Hook* hooks;
    std::size_t count;
    std::uintptr_t inside; //!< only the object around this address; 0: all but this library
    PatchCounts counts;
};

// The loader's lock is held meanwhile: nothing is unloaded.
int patchNext(dl_phdr_info* info, std::size_t, void* data) {
    auto& patching = *static_cast<Patching*>(data);
    const Object object = describe(*info);
    const bool ours = object.contains(reinterpret_cast<std::uintptr_t>(&g_slots));
    const bool wanted = patching.inside != 0 ? object.contains(patching.inside) : !ours;
    if (object.dynamic != nullptr && wanted) {
        ++patching.counts.objects;
        patchObject(object, patching.hooks, patching.count, patching.counts);
    }
    return 0;
}

int restoreNext(dl_phdr_info* info, std::size_t, void*) {
    restoreObject(describe(*info));
    return 0;
}

} // namespace

PatchCounts patchWords(const Hook* hooks, std::size_t count) {
    Patching patching{hooks, count, 0, {}};
    ::dl_iterate_phdr(&patchNext, &patching);
    patching.counts.cells = swapPointerCells(hooks, count, CellSwap::ToReplacement);
    return patching.counts;
}

bool patchImportOf(const void* inside, const Hook& hook) {
    Patching patching{&hook, 1, reinterpret_cast<std::uintptr_t>(inside), {}};
    ::dl_iterate_phdr(&patchNext, &patching);
    return patching.counts.slots > 0;
}

void restoreWords(const Hook* hooks, std::size_t count) {
    ::dl_iterate_phdr(&restoreNext, nullptr);
    g_slotCount = 0;
    swapPointerCells(hooks, count, CellSwap::ToOriginal);
}

} // namespace firstchance::agent
