#include "memory/glibc_mapped_chunks.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <vector>

#include "memory/glibc_arenas.h"

namespace firstchance {
namespace {

constexpr std::int32_t kMostMappedChunks = 65536; //!< DEFAULT_MMAP_MAX

//! \brief The part of struct malloc_par that is the same from glibc 2.24 on; what stands before it grew in
//! 2.35.
struct MappedPart {
    std::int32_t count, most, mostSoFar, thresholdIsFixed;
    std::uint64_t bytes, mostBytesSoFar, breakBegin;
};

bool isPlausible(const MappedPart& part, std::uint64_t breakBegin) {
    const auto count = static_cast<std::uint64_t>(part.count);
    // Nothing else in libc's data holds both the default limit and where the program's break begins.
    return part.most == kMostMappedChunks && part.count >= 0 && part.count <= part.mostSoFar &&
           (part.thresholdIsFixed == 0 || part.thresholdIsFixed == 1) && part.bytes % 4096 == 0 &&
           part.bytes <= part.mostBytesSoFar && part.bytes >= count * 4096 &&
           (count > 0 || part.bytes == 0) && part.breakBegin == breakBegin;
}

} // namespace

std::optional<GlibcMappedChunks> readGlibcMappedChunks(const ProcessImage& image) {
    const auto mappings = image.mappings();
    const auto heap = std::find_if(mappings.begin(), mappings.end(),
                                   [](const Mapping& mapping) { return mapping.path == "[heap]"; });
    const std::uint64_t breakBegin = heap == mappings.end() ? 0 : heap->range.begin.value();
    for (const Mapping& mapping : mappings) {
        if (!mapping.writable || mapping.shared || !isGlibc(mapping) || mapping.range.size() > (16U << 20U)) {
            continue;
        }
        std::vector<std::byte> data(mapping.range.size());
        data.resize(image.read(mapping.range.begin, data));
        for (std::size_t offset = 0; offset + sizeof(MappedPart) + 4 <= data.size(); offset += 4) {
            // Since 2.35 an int stands before the four, so that they end between two words.
            const std::size_t words = (offset + offsetof(MappedPart, bytes) + 7) / 8 * 8;
            MappedPart part{};
            std::memcpy(&part, data.data() + offset, offsetof(MappedPart, bytes));
            std::memcpy(&part.bytes, data.data() + words, sizeof part - offsetof(MappedPart, bytes));
            if (isPlausible(part, breakBegin)) {
                return GlibcMappedChunks{static_cast<std::uint64_t>(part.count), part.bytes};
            }
        }
    }
    return std::nullopt;
}

} // namespace firstchance
