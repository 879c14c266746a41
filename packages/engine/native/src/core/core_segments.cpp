#include "core/core_segments.h"

#include <elf.h>

#include <algorithm>

#include "base/address_ranges.h"

namespace firstchance {
namespace {

//! \brief Up to this size the memory in a closed gap is kept: a reader would otherwise take zeros for its
//! content.
constexpr std::uint64_t kReadGapBytes = 64ULL << 10;

std::uint32_t flagsOf(const Mapping& mapping) {
    return (mapping.readable ? PF_R : 0U) | (mapping.writable ? PF_W : 0U) | (mapping.executable ? PF_X : 0U);
}

using MappingIterator = std::span<const Mapping>::iterator;

//! \brief The first mapping that ends behind \p address, not before \p from.
MappingIterator firstEndingBehind(MappingIterator from, MappingIterator end, Address address) {
    return std::partition_point(from, end, [&](const Mapping& m) { return m.range.end <= address; });
}

//! \brief Calls \p use with each mapped part of each range. Both inputs are sorted.
template <class Use>
void forEachMapped(std::span<const Mapping> mappings, const std::vector<AddressRange>& ranges, Use use) {
    auto next = mappings.begin();
    for (const AddressRange& range : ranges) {
        next = firstEndingBehind(next, mappings.end(), range.begin);
        for (auto mapping = next; mapping != mappings.end() && mapping->range.begin < range.end; ++mapping) {
            use(*mapping, mapping->range.intersect(range));
        }
    }
}

void addWholeRanges(std::span<const Mapping> mappings, const std::vector<AddressRange>& ranges,
                    std::vector<CoreSegment>& segments) {
    for (const AddressRange& range : ranges) {
        CoreSegment whole;
        forEachMapped(mappings, {range}, [&](const Mapping& mapping, AddressRange part) {
            whole.range.begin = whole.range.empty() ? part.begin : whole.range.begin;
            whole.range.end = part.end;
            whole.flags |= flagsOf(mapping);
        });
        if (!whole.range.empty()) {
            segments.push_back(whole);
        }
    }
}

void joinSegments(std::vector<CoreSegment>& segments) {
    std::sort(segments.begin(), segments.end(),
              [](const CoreSegment& a, const CoreSegment& b) { return a.range.begin < b.range.begin; });
    std::size_t kept = 0;
    for (const CoreSegment& segment : segments) {
        if (kept > 0 && segment.range.begin <= segments[kept - 1].range.end) {
            CoreSegment& last = segments[kept - 1];
            last.range.end = std::max(last.range.end, segment.range.end);
            last.flags |= segment.flags;
        } else {
            segments[kept++] = segment;
        }
    }
    segments.resize(kept);
}

//! \brief Which segments are to be joined with the one before them.
std::vector<bool> smallestGaps(const std::vector<CoreSegment>& segments, std::size_t count) {
    std::vector<std::pair<std::uint64_t, std::size_t>> gaps;
    gaps.reserve(segments.size());
    for (std::size_t i = 1; i < segments.size(); ++i) {
        const AddressRange gap{segments[i - 1].range.end, segments[i].range.begin};
        // The diagnostic page has a segment of its own, which must not lie inside another.
        gaps.emplace_back(gap.contains(kDiagnosticInfoAddress) ? UINT64_MAX : gap.size(), i);
    }
    std::vector<bool> closed(segments.size(), false);
    count = std::min(count, gaps.size());
    if (count > 0) {
        std::nth_element(gaps.begin(), gaps.begin() + static_cast<std::ptrdiff_t>(count - 1), gaps.end());
    }
    for (std::size_t i = 0; i < count; ++i) {
        closed[gaps[i].second] = true;
    }
    return closed;
}

void closeGaps(std::span<const Mapping> mappings, std::size_t maxSegments, CoreSegments& all) {
    if (all.segments.size() <= maxSegments) {
        return;
    }
    const std::vector<bool> closed = smallestGaps(all.segments, all.segments.size() - maxSegments);
    std::vector<AddressRange> small;
    for (std::size_t i = 1; i < all.segments.size(); ++i) {
        if (closed[i]) {
            const AddressRange gap{all.segments[i - 1].range.end, all.segments[i].range.begin};
            all.closedGapBytes += gap.size();
            all.segments[i].range.begin = gap.begin;
            if (gap.size() <= kReadGapBytes) {
                small.push_back(gap);
            }
        }
    }
    forEachMapped(mappings, small, [&](const Mapping& mapping, AddressRange part) {
        if (isDumpable(mapping)) {
            all.readable.push_back(part);
        }
    });
    joinSegments(all.segments);
}

} // namespace

bool isDumpable(const Mapping& mapping) {
    if (!mapping.readable || mapping.path.starts_with("[vvar") || mapping.path == "[vsyscall]") {
        return false;
    }
    return !mapping.path.starts_with("/dev/") || mapping.path.starts_with("/dev/shm/") ||
           mapping.path.starts_with("/dev/zero");
}

CoreSegments collectSegments(const ProcessImage& image, const MemorySelection& selection,
                             std::size_t maxSegments) {
    CoreSegments all;
    const auto mappings = image.mappings();
    forEachMapped(mappings, selection.ranges(), [&](const Mapping& mapping, AddressRange part) {
        if (isDumpable(mapping)) {
            all.readable.push_back(part);
            all.segments.push_back({part, 0, flagsOf(mapping)});
        }
    });
    joinSegments(all.segments); // now, so that the memory used follows the result's size
    addWholeRanges(mappings, selection.wholeRanges(), all.segments);
    joinSegments(all.segments);
    closeGaps(mappings, std::max<std::size_t>(maxSegments, 1), all);
    joinRanges(all.readable);
    return all;
}

} // namespace firstchance
