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

} // namespace firstchance
