#include "memory/memory_usage.h"

#include <algorithm>
#include <map>
#include <vector>

#include "memory/glibc_arenas.h"
#include "memory/glibc_mapped_chunks.h"
#include "memory/jit_slabs.h"
#include "memory/mapping_count.h"
#include "memory/mapping_kinds.h"

namespace firstchance {
namespace {

std::uint64_t sizeOf(const std::vector<AddressRange>& ranges) {
    std::uint64_t total = 0;
    for (const AddressRange& range : ranges) {
        total += range.size();
    }
    return total;
}

class Sorter {
public:
    Sorter(const ProcessImage& image, const RuntimeMemory& runtime, const GlibcArenas* arenas)
        : image_(image), runtime_(runtime), kinds_(image, arenas) {}

    void add(const Mapping& mapping, MemoryUsage& usage) {
        if (MappingKinds::isRuntimeCode(mapping)) {
            addCode(mapping);
            return;
        }
        if (MappingKinds::isSharedMemory(mapping)) {
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

    [[nodiscard]] std::uint64_t& slotFor(const Mapping& mapping, PrivateMemory& memory) const {
        if (kinds_.isStack(mapping)) {
            return memory.stacks;
        }
        if (kinds_.isMalloc(mapping)) {
            return memory.malloc;
        }
        return mapping.path.empty() && mapping.executable ? memory.jit : memory.other;
    }

    const ProcessImage& image_;
    RuntimeMemory runtime_;
    MappingKinds kinds_;
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
    usage.mappings = countMappings(image, runtime.gcCommitted);
    if (arenas && mapped) {
        const std::uint64_t slabs = std::min(readJitSlabBytes(image, *arenas), arenas->inUseBytes);
        usage.mallocBytes = arenas->inUseBytes - slabs + mapped->bytes;
    }
    return usage;
}

} // namespace firstchance
