#include "memory/memory_usage.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "memory/glibc_arenas.h"
#include "memory/glibc_mapped_chunks.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kArenaHeap = 64U
                                     << 20U; //!< HEAP_MAX_SIZE: arenas but the main one lie at its multiples
constexpr std::uint64_t kMappedFlag = 2;     //!< IS_MMAPPED of a chunk's size

std::uint64_t sizeOf(const std::vector<AddressRange>& ranges) {
    std::uint64_t total = 0;
    for (const AddressRange& range : ranges) {
        total += range.size();
    }
    return total;
}

bool isRuntimeCode(const Mapping& mapping) {
    return mapping.path.find("doublemapper") != std::string::npos;
}

//! \brief Shared memory that is no file to be found in a folder: memfd, SysV, /dev/shm, shared anonymous.
bool isSharedMemory(const Mapping& mapping) {
    const std::string_view path = mapping.path;
    return mapping.shared &&
           (path.starts_with("/memfd:") || path.starts_with("/SYSV") || path.starts_with("/dev/shm/") ||
            path.starts_with("/dev/zero") || path.empty() || path.front() != '/');
}

//! \brief Whether the mapping begins with a chunk of malloc that was mapped by itself and fits into it.
bool isMappedChunk(const ProcessImage& image, const Mapping& mapping) {
    const auto size = image.readValue<std::uint64_t>(mapping.range.begin + 8);
    return size && (*size & 7U) == kMappedFlag && (*size & ~std::uint64_t{7}) >= 4096 &&
           (*size & ~std::uint64_t{7}) % 4096 == 0 && (*size & ~std::uint64_t{7}) <= mapping.range.size();
}

class Sorter {
public:
    Sorter(const ProcessImage& image, std::span<const AddressRange> gcCommitted, const GlibcArenas* arenas)
        : image_(image), gcCommitted_(gcCommitted) {
        for (const ThreadImage& thread : image.threads()) {
            stackPointers_.push_back(thread.stackPointer());
        }
        std::sort(stackPointers_.begin(), stackPointers_.end());
        if (arenas != nullptr) {
            arenas_.insert(arenas->arenas.begin(), arenas->arenas.end());
        }
    }

    void add(const Mapping& mapping, MemoryUsage& usage) {
        if (isRuntimeCode(mapping)) {
            addCode(mapping);
            return;
        }
        if (isSharedMemory(mapping)) {
            usage.sharedBytes += mapping.range.size();
            return;
        }
        if (!mapping.path.empty() && mapping.path.front() == '/') {
            usage.mappedBytes += mapping.range.size();
        }
        const bool accessible = mapping.readable || mapping.writable || mapping.executable;
        if (mapping.shared || !accessible) {
            return;
        }
        const std::uint64_t bytes = sizeOf(image_.privatePages(mapping.range));
        const std::uint64_t collector = collectorPages(mapping);
        usage.privateBytes.gcHeap += collector;
        slotFor(mapping, usage.privateBytes) += bytes - std::min(bytes, collector);
    }

    //! \brief Each page of the runtime's code memory is mapped once to execute and, for moments, once to
    //! write: it counts once.
    [[nodiscard]] std::uint64_t codeBytes() const {
        std::uint64_t total = 0;
        std::uint64_t end = 0;
        for (const auto& [begin, size] : code_) {
            const std::uint64_t from = std::max(begin, end);
            const std::uint64_t to = begin + size;
            total += to > from ? to - from : 0;
            end = std::max(end, to);
        }
        return total;
    }

private:
    void addCode(const Mapping& mapping) {
        for (const AddressRange& range : image_.privatePages(mapping.range)) {
            code_.insert({mapping.fileOffset + (range.begin - mapping.range.begin), range.size()});
        }
    }

    [[nodiscard]] std::uint64_t collectorPages(const Mapping& mapping) const {
        std::uint64_t bytes = 0;
        auto range =
            std::partition_point(gcCommitted_.begin(), gcCommitted_.end(),
                                 [&](const AddressRange& one) { return one.end <= mapping.range.begin; });
        for (; range != gcCommitted_.end() && range->begin < mapping.range.end; ++range) {
            const AddressRange part =
                mapping.range.intersect({range->begin.alignDown(4096), range->end.alignUp(4096)});
            bytes += sizeOf(image_.privatePages(part));
        }
        return bytes;
    }

    [[nodiscard]] bool isStack(const Mapping& mapping) const {
        const auto first =
            std::lower_bound(stackPointers_.begin(), stackPointers_.end(), mapping.range.begin);
        return first != stackPointers_.end() && mapping.range.contains(*first);
    }

    [[nodiscard]] bool isMalloc(const Mapping& mapping) const {
        if (mapping.path == "[heap]") {
            return true;
        }
        if (arenas_.empty() || !mapping.path.empty() || !mapping.writable || mapping.executable) {
            return false;
        }
        // The first word of a further heap names its arena (malloc/arena.c, struct _heap_info).
        const Address heap = mapping.range.begin.alignDown(kArenaHeap);
        const auto arena = image_.readValue<std::uint64_t>(heap);
        return (arena && arenas_.contains(Address(*arena))) || isMappedChunk(image_, mapping);
    }

    [[nodiscard]] std::uint64_t& slotFor(const Mapping& mapping, PrivateMemory& memory) const {
        if (mapping.path.starts_with("[stack") || (mapping.path.empty() && isStack(mapping))) {
            return memory.stacks;
        }
        if (isMalloc(mapping)) {
            return memory.malloc;
        }
        return mapping.path.empty() && mapping.executable ? memory.jit : memory.other;
    }

    const ProcessImage& image_;
    std::span<const AddressRange> gcCommitted_;
    std::vector<Address> stackPointers_;
    std::set<Address> arenas_;
    std::multimap<std::uint64_t, std::uint64_t> code_; //!< place in the file, bytes
};

} // namespace

MemoryUsage readMemoryUsage(const ProcessImage& image, std::span<const AddressRange> gcCommitted) {
    const auto arenas = readGlibcArenas(image);
    const auto mapped = arenas ? readGlibcMappedChunks(image) : std::nullopt;
    MemoryUsage usage;
    Sorter sorter(image, gcCommitted, arenas ? &*arenas : nullptr);
    for (const Mapping& mapping : image.mappings()) {
        sorter.add(mapping, usage);
    }
    usage.privateBytes.jit += sorter.codeBytes();
    usage.mappings = image.mappings().size();
    if (arenas && mapped) {
        usage.mallocBytes = arenas->inUseBytes + mapped->bytes;
    }
    return usage;
}

} // namespace firstchance
