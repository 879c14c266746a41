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
    Sorter(const ProcessImage& image, const RuntimeMemory& runtime, const GlibcArenas* arenas)
        : image_(image), runtime_(runtime) {
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
        const std::uint64_t collector = pagesIn(mapping, runtime_.gcCommitted);
        const std::uint64_t loader = pagesIn(mapping, runtime_.loaderHeaps);
        usage.privateBytes.gcHeap += collector;
        usage.privateBytes.loader += loader;
        slotFor(mapping, usage.privateBytes) += bytes - std::min(bytes, collector + loader);
    }

    //! \brief Adds the runtime's code memory. Each page of it is mapped once to execute and, for moments,
    //! once to write: it counts once.
    void finish(PrivateMemory& memory) const {
        const std::uint64_t loader = bytesOf(loaderCode_);
        memory.loader += loader;
        memory.jit += bytesOf(code_) - loader;
    }

private:
    using PlacesInFile = std::multimap<std::uint64_t, std::uint64_t>; //!< place, bytes

    static std::uint64_t bytesOf(const PlacesInFile& places) {
        std::uint64_t total = 0;
        std::uint64_t end = 0;
        for (const auto& [begin, size] : places) {
            const std::uint64_t from = std::max(begin, end);
            const std::uint64_t to = begin + size;
            total += to > from ? to - from : 0;
            end = std::max(end, to);
        }
        return total;
    }

    void addCode(const Mapping& mapping) {
        addPlaces(mapping, mapping.range, code_);
        forEachPart(mapping, runtime_.loaderHeaps,
                    [&](const AddressRange& part) { addPlaces(mapping, part, loaderCode_); });
    }

    void addPlaces(const Mapping& mapping, const AddressRange& part, PlacesInFile& places) const {
        for (const AddressRange& range : image_.privatePages(part)) {
            places.insert({mapping.fileOffset + (range.begin - mapping.range.begin), range.size()});
        }
    }

    //! \brief Calls \p use with each part of \p ranges within the mapping, in whole pages.
    template <class Use>
    static void forEachPart(const Mapping& mapping, std::span<const AddressRange> ranges, Use use) {
        auto range = std::partition_point(ranges.begin(), ranges.end(), [&](const AddressRange& one) {
            return one.end <= mapping.range.begin;
        });
        for (; range != ranges.end() && range->begin < mapping.range.end; ++range) {
            use(mapping.range.intersect({range->begin.alignDown(4096), range->end.alignUp(4096)}));
        }
    }

    [[nodiscard]] std::uint64_t pagesIn(const Mapping& mapping, std::span<const AddressRange> ranges) const {
        std::uint64_t bytes = 0;
        forEachPart(mapping, ranges,
                    [&](const AddressRange& part) { bytes += sizeOf(image_.privatePages(part)); });
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
    RuntimeMemory runtime_;
    std::vector<Address> stackPointers_;
    std::set<Address> arenas_;
    PlacesInFile code_;
    PlacesInFile loaderCode_; //!< of these, in loader heaps
};

} // namespace

MemoryUsage readMemoryUsage(const ProcessImage& image, const RuntimeMemory& runtime) {
    const auto arenas = readGlibcArenas(image);
    const auto mapped = arenas ? readGlibcMappedChunks(image) : std::nullopt;
    MemoryUsage usage;
    Sorter sorter(image, runtime, arenas ? &*arenas : nullptr);
    for (const Mapping& mapping : image.mappings()) {
        sorter.add(mapping, usage);
    }
    sorter.finish(usage.privateBytes);
    usage.mappings = image.mappings().size();
    if (arenas && mapped) {
        usage.mallocBytes = arenas->inUseBytes + mapped->bytes;
    }
    return usage;
}

} // namespace firstchance
