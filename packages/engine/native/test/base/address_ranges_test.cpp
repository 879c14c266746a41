#include "base/address_ranges.h"

#include <gmock/gmock.h>

namespace firstchance {
namespace {

AddressRange range(std::uint64_t begin, std::uint64_t end) {
    return {Address(begin), Address(end)};
}

TEST(AddressRanges, subtractLeavesWhatLiesInNoHole) {
    const std::vector<AddressRange> ranges{range(10, 20), range(30, 40), range(50, 60), range(70, 80)};
    const std::vector<AddressRange> holes{range(0, 5),   range(10, 12), range(14, 15),
                                          range(18, 35), range(50, 60), range(75, 90)};
    EXPECT_THAT(subtractRanges(ranges, holes),
                testing::ElementsAre(range(12, 14), range(15, 18), range(35, 40), range(70, 75)));
    EXPECT_EQ(subtractRanges(ranges, {}), ranges);
    EXPECT_THAT(subtractRanges(ranges, {range(0, 100)}), testing::IsEmpty());
}

TEST(AddressRanges, oneHoleCutsSeveralRanges) {
    EXPECT_THAT(subtractRanges({range(0, 4), range(6, 8), range(10, 20)}, {range(2, 12)}),
                testing::ElementsAre(range(0, 2), range(12, 20)));
}

} // namespace
} // namespace firstchance
