#include "memory/mapping_count.h"

#include <algorithm>
#include <cstddef>

#include "memory/mapping_kinds.h"

namespace firstchance {
namespace {

bool overlaps(const Mapping& mapping, std::span<const AddressRange> ranges) {
    const auto first = std::partition_point(ranges.begin(), ranges.end(), [&](const AddressRange& one) {
        return one.end <= mapping.range.begin;
    });
    return first != ranges.end() && first->begin < mapping.range.end;
}

bool isReserved(const Mapping& mapping) {
    return mapping.path.empty() && !mapping.readable && !mapping.writable && !mapping.executable;
}

} // namespace

std::uint64_t countMappings(const ProcessImage& image, std::span<const AddressRange> gcCommitted) {
    const auto mappings = image.mappings();
    const auto isCollectors = [&](std::size_t at) { return overlaps(mappings[at], gcCommitted); };
    std::uint64_t count = 0;
    for (std::size_t at = 0; at < mappings.size(); ++at) {
        const Mapping& mapping = mappings[at];
        if (MappingKinds::isRuntimeCode(mapping) || isCollectors(at)) {
            continue;
        }
        const bool before =
            at > 0 && mappings[at - 1].range.end == mapping.range.begin && isCollectors(at - 1);
        const bool behind = at + 1 < mappings.size() && mappings[at + 1].range.begin == mapping.range.end &&
                            isCollectors(at + 1);
        if (isReserved(mapping) && (before || behind)) {
            continue;
        }
        ++count;
    }
    return count;
}

} // namespace firstchance
