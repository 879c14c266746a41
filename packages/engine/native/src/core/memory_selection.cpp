#include "core/memory_selection.h"

#include <algorithm>

#include "base/address_ranges.h"

namespace firstchance {
namespace {

constexpr std::size_t kJoinAtLeast = 1024;

} // namespace

void MemorySelection::insert(RangeSet& set, AddressRange range) {
    if (range.empty()) {
        return;
    }
    const AddressRange aligned{range.begin.alignDown(kCorePage), range.end.alignUp(kCorePage)};
    if (!set.ranges.empty()) {
        // Callers mostly add in ascending order.
        AddressRange& last = set.ranges.back();
        if (aligned.begin >= last.begin && aligned.begin <= last.end) {
            last.end = std::max(last.end, aligned.end);
            return;
        }
    }
    set.ranges.push_back(aligned);
    if (set.ranges.size() >= set.joinAt) {
        joinRanges(set.ranges);
        set.joinAt = std::max(kJoinAtLeast, 2 * set.ranges.size());
    }
}

void MemorySelection::add(Address begin, std::uint64_t size) {
    const std::uint64_t room = UINT64_MAX - begin.value();
    insert(ranges_, {begin, begin + std::min(size, room)});
}

std::vector<AddressRange> MemorySelection::ranges() const {
    std::vector<AddressRange> all = ranges_.ranges;
    all.insert(all.end(), whole_.ranges.begin(), whole_.ranges.end());
    joinRanges(all);
    return all;
}

std::vector<AddressRange> MemorySelection::wholeRanges() const {
    std::vector<AddressRange> all = whole_.ranges;
    joinRanges(all);
    return all;
}

std::uint64_t MemorySelection::bytes() const {
    std::uint64_t sum = 0;
    for (const AddressRange& range : ranges()) {
        sum += range.size();
    }
    return sum;
}

} // namespace firstchance
