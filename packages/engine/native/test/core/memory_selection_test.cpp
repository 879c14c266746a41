#include "core/memory_selection.h"

#include <gmock/gmock.h>

#include <random>
#include <set>

namespace firstchance {
namespace {

using testing::ElementsAre;

AddressRange range(std::uint64_t begin, std::uint64_t end) {
    return {Address(begin), Address(end)};
}

TEST(MemorySelection, alignsToPagesAndMerges) {
    MemorySelection selection;
    selection.add(range(0x5010, 0x5020));
    selection.add(Address(0x1fff), 2);
    selection.add(range(0x3000, 0x4000));
    selection.add(range(0x9000, 0x9000));
    EXPECT_THAT(selection.ranges(), ElementsAre(range(0x1000, 0x4000), range(0x5000, 0x6000)));
    EXPECT_EQ(selection.bytes(), 0x4000U);
}

TEST(MemorySelection, wholeRangesAreInRangesToo) {
    MemorySelection selection;
    selection.addWhole(range(0x2000, 0x8000));
    selection.add(range(0x1000, 0x3000));
    EXPECT_THAT(selection.ranges(), ElementsAre(range(0x1000, 0x8000)));
    EXPECT_THAT(selection.wholeRanges(), ElementsAre(range(0x2000, 0x8000)));
}

TEST(MemorySelection, saturatesAtTheEndOfTheAddressSpace) {
    MemorySelection selection;
    selection.add(Address(UINT64_MAX - 10000), UINT64_MAX);
    // The very last page has no end that 64 bits can say; it belongs to the kernel anyway.
    EXPECT_THAT(selection.ranges(), ElementsAre(range(0xffffffffffffd000, 0xfffffffffffff000)));
}

TEST(MemorySelection, randomRangesEqualASetOfPages) {
    std::mt19937_64 random(7);
    MemorySelection selection;
    std::set<std::uint64_t> pages;
    for (int i = 0; i < 20000; ++i) {
        const std::uint64_t begin = random() % (1ULL << 28);
        const std::uint64_t size = random() % 20000;
        selection.add(Address(begin), size);
        for (std::uint64_t page = begin / kCorePage; size > 0 && page <= (begin + size - 1) / kCorePage;
             ++page) {
            pages.insert(page);
        }
    }
    EXPECT_EQ(selection.bytes(), pages.size() * kCorePage);
    Address before;
    for (const AddressRange& r : selection.ranges()) {
        EXPECT_GT(r.begin, before);
        before = r.end;
        for (std::uint64_t page = r.begin.value(); page < r.end.value(); page += kCorePage) {
            ASSERT_TRUE(pages.contains(page / kCorePage));
        }
    }
}

} // namespace
} // namespace firstchance
