#include "clr/loader_heaps.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "clr/clr_fixture.h"

namespace firstchance {
namespace {

class LoaderHeapsTest : public ClrTest {
protected:
    static bool hold(const std::vector<AddressRange>& blocks, const char* type) {
        const Address methodTable(std::stoull(facts().at(type)));
        return std::any_of(blocks.begin(), blocks.end(),
                           [&](const AddressRange& block) { return block.contains(methodTable); });
    }
};

TEST_F(LoaderHeapsTest, HoldTheTypesOfTheirLoadContext) {
    const std::uint64_t global = globalLoaderAllocator(dac());
    ASSERT_NE(0U, global);
    const auto blocks = loaderHeapBlocks(dac(), global);
    EXPECT_TRUE(hold(blocks, "usual-type"));
    EXPECT_FALSE(hold(blocks, "collectible-type"));
}

TEST_F(LoaderHeapsTest, OfAllLoadContextsAreSortedWithoutOverlaps) {
    const auto blocks = allLoaderHeapBlocks(dac());
    EXPECT_TRUE(hold(blocks, "usual-type"));
    EXPECT_TRUE(hold(blocks, "collectible-type"));
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        EXPECT_LT(blocks[i].begin, blocks[i].end);
        EXPECT_TRUE(i == 0 || blocks[i - 1].end < blocks[i].begin);
    }
}

} // namespace
} // namespace firstchance
