#include "memory/mapping_kinds.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/page_size.h"
#include "memory/glibc_layout.h"

namespace firstchance {

MappingKinds::MappingKinds(const ProcessImage& image, const GlibcArenas* arenas) : image_(image) {
    for (const ThreadImage& thread : image.threads()) {
        stackPointers_.push_back(thread.stackPointer());
    }
    std::sort(stackPointers_.begin(), stackPointers_.end());
    if (arenas != nullptr) {
        arenas_.insert(arenas->arenas.begin(), arenas->arenas.end());
    }
}

bool MappingKinds::isRuntimeCode(const Mapping& mapping) {
    return mapping.path.find("doublemapper") != std::string::npos;
}

bool MappingKinds::isSharedMemory(const Mapping& mapping) {
    const std::string_view path = mapping.path;
    return mapping.shared &&
           (path.starts_with("/memfd:") || path.starts_with("/SYSV") || path.starts_with("/dev/shm/") ||
            path.starts_with("/dev/zero") || path.empty() || path.front() != '/');
}

bool MappingKinds::isStack(const Mapping& mapping) const {
    if (mapping.path.starts_with("[stack")) {
        return true;
    }
    const auto first = std::lower_bound(stackPointers_.begin(), stackPointers_.end(), mapping.range.begin);
    return mapping.path.empty() && first != stackPointers_.end() && mapping.range.contains(*first);
}

bool MappingKinds::isMalloc(const Mapping& mapping) const {
    return mapping.path == "[heap]" || isArenaHeap(mapping) ||
           (!arenas_.empty() && mapping.path.empty() && mapping.writable && !mapping.executable &&
            mappedChunkAt(mapping.range.begin, mapping) > 0);
}

bool MappingKinds::isArenaHeap(const Mapping& mapping) const {
    if (arenas_.empty() || !mapping.path.empty() || !mapping.writable || mapping.executable) {
        return false;
    }
    // The first word of a further heap names its arena (malloc/arena.c, struct _heap_info).
    const auto arena = image_.readValue<std::uint64_t>(mapping.range.begin.alignDown(glibc::kHeapSize));
    return arena && arenas_.contains(Address(*arena));
}

std::uint64_t MappingKinds::mappedChunkAt(Address address, const Mapping& mapping) const {
    const auto stored = image_.readValue<std::uint64_t>(address + 8);
    const std::uint64_t size = stored ? *stored & glibc::kSizeMask : 0;
    return stored && (*stored & ~glibc::kSizeMask) == glibc::kMapped && size >= kPageBytes &&
                   size % kPageBytes == 0 && size <= mapping.range.end - address
               ? size
               : 0;
}

} // namespace firstchance
