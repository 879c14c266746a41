#include "base/address_ranges.h"

#include <algorithm>

namespace firstchance {

void joinRanges(std::vector<AddressRange>& ranges) {
    std::erase_if(ranges, [](const AddressRange& range) { return range.empty(); });
    std::sort(ranges.begin(), ranges.end(),
              [](const AddressRange& a, const AddressRange& b) { return a.begin < b.begin; });
    std::size_t kept = 0;
    for (const AddressRange range : ranges) {
        if (kept > 0 && range.begin <= ranges[kept - 1].end) {
            ranges[kept - 1].end = std::max(ranges[kept - 1].end, range.end);
        } else {
            ranges[kept++] = range;
        }
    }
    ranges.resize(kept);
}

std::vector<AddressRange> subtractRanges(const std::vector<AddressRange>& ranges,
                                         const std::vector<AddressRange>& holes) {
    std::vector<AddressRange> left;
    auto first = holes.begin();
    for (AddressRange rest : ranges) {
        first = std::partition_point(first, holes.end(),
                                     [&](const AddressRange& hole) { return hole.end <= rest.begin; });
        for (auto hole = first; hole != holes.end() && hole->begin < rest.end; ++hole) {
            if (hole->begin > rest.begin) {
                left.push_back({rest.begin, hole->begin});
            }
            rest.begin = std::max(rest.begin, hole->end);
        }
        if (!rest.empty()) {
            left.push_back(rest);
        }
    }
    return left;
}

} // namespace firstchance
