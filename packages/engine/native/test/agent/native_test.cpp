#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cmath>
#include <memory>

#include "agent/native/code_cells.h"
#include "agent/native/live_sites.h"
#include "agent/native/native_walk.h"
#include "agent/native/resource_table.h"
#include "agent/native/sampling_rate.h"

namespace firstchance::agent {
namespace {

using testing::ElementsAre;

TEST(SamplingRate, IsThatOfRandomBytes) {
    for (const double value : {1.0, 0.7, 0.5, 0.1, 1e-3, 1e-9, 1.0 / 9007199254740992.0}) {
        EXPECT_NEAR(logarithm(value), std::log(value), 2e-4) << value;
    }
    for (const std::uint64_t bytes : {1, 16, 400, 4096, 65'536, 1'000'000, 100'000'000}) {
        const double expected = -std::expm1(-static_cast<double>(bytes) / 65'536);
        EXPECT_NEAR(chanceOfSample(bytes, 65'536), expected, expected * 2e-3) << bytes;
    }
    std::uint64_t state = 42;
    double sum = 0;
    constexpr int kGaps = 100'000;
    for (int i = 0; i < kGaps; ++i) {
        const std::int64_t gap = nextGap(state, 4096);
        ASSERT_GT(gap, 0);
        sum += static_cast<double>(gap);
    }
    EXPECT_NEAR(sum / kGaps, 4096, 60);
}

class Resources : public testing::Test {
protected:
    Resources()
        : table(static_cast<ResourceTable*>(::mmap(nullptr, sizeof(ResourceTable), PROT_READ | PROT_WRITE,
                                                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {}
    ~Resources() override { ::munmap(table, sizeof(ResourceTable)); }

    ResourceTable* table;
    std::uintptr_t frames[3] = {0x1000, 0x2000, 0x3000};
};

TEST_F(Resources, AreThereUntilTheyAreGivenBack) {
    const std::uint32_t site = table->siteOf(Resource::Block, frames, 3);
    EXPECT_EQ(table->siteOf(Resource::Block, frames, 3), site);
    EXPECT_NE(table->siteOf(Resource::Anonymous, frames, 3), site);
    EXPECT_NE(table->siteOf(Resource::Block, frames, 2), site);
    const std::uint64_t key = ResourceTable::keyOf(Resource::Block, 0x7f0000001000);
    EXPECT_NE(key, ResourceTable::keyOf(Resource::Anonymous, 0x7f0000001000));
    EXPECT_TRUE(table->add(key, {100, site}));
    LiveResource out;
    EXPECT_FALSE(table->remove(ResourceTable::keyOf(Resource::Block, 0x7f0000001010), &out));
    EXPECT_TRUE(table->remove(key, &out));
    EXPECT_EQ(out.bytes, 100);
    EXPECT_FALSE(table->remove(key, &out));
}

TEST_F(Resources, OfWhichThereAreTooManyAreRefused) {
    std::uint64_t added = 0;
    while (table->add(ResourceTable::keyOf(Resource::Block, 0x7f0000000000 + added * 16), {16, 0})) {
        ++added;
    }
    EXPECT_GT(added, ResourceTable::kBuckets * ResourceTable::kKeys / 2);
    EXPECT_EQ(table->dropped(), 1);
    for (std::uint64_t i = 0; i < added; ++i) {
        ASSERT_TRUE(table->remove(ResourceTable::keyOf(Resource::Block, 0x7f0000000000 + i * 16), nullptr));
    }
}

TEST_F(Resources, AreSummedByTheirStack) {
    const std::uint32_t blocks = table->siteOf(Resource::Block, frames, 3);
    const std::uint32_t pages = table->siteOf(Resource::Anonymous, frames, 3);
    constexpr std::size_t kPage = 4096;
    auto* mapped = static_cast<char*>(
        ::mmap(nullptr, 4 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    auto* gone = static_cast<char*>(
        ::mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mapped[kPage] = 1;
    table->add(ResourceTable::keyOf(Resource::Block, 16), {1'000'000, blocks});
    table->add(ResourceTable::keyOf(Resource::Block, 32), {64, blocks});
    table->add(ResourceTable::keyOf(Resource::Anonymous, reinterpret_cast<std::uintptr_t>(mapped)),
               {4 * kPage, pages});
    table->add(ResourceTable::keyOf(Resource::Anonymous, reinterpret_cast<std::uintptr_t>(gone)),
               {kPage, pages});
    std::vector<LiveSite> sums(ResourceTable::kSites); // made before, or it may get the place that is gone
    ::munmap(gone, kPage);
    sumLiveSites(*table, 65'536, sums.data());
    EXPECT_EQ(sums[blocks].samples, 2);
    EXPECT_NEAR(sums[blocks].count, 1 + 65'536.0 / 64, 2); // a small one stands for many
    EXPECT_EQ(sums[pages].samples, 1);                     // the other has been unmapped past us
    EXPECT_EQ(sums[pages].bytes, kPage);
    ::munmap(mapped, 4 * kPage);
}

//! A stack made by hand: words at chosen places of an array.
class Walk : public testing::Test {
protected:
    std::uintptr_t at(std::size_t index) const { return reinterpret_cast<std::uintptr_t>(&words[index]); }
    void frame(std::size_t index, std::uintptr_t next, std::uintptr_t returnAddress) {
        words[index] = next;
        words[index + 1] = returnAddress;
    }
    std::vector<std::uintptr_t> walk(std::size_t from, std::uintptr_t runtimeFrame = 0) {
        std::uintptr_t out[8];
        const StackBounds stack{at(0), at(0) + sizeof words};
        const std::size_t count = walkStack(at(from), stack, runtimeFrameLayout(10), runtimeFrame, out, 8);
        return {out, out + count};
    }

    std::uintptr_t words[128] = {};
};

TEST_F(Walk, FollowsFramePointers) {
    frame(4, at(10), 0x1001);
    frame(10, at(20), 0x1002);
    frame(20, 0, 0x1003);
    EXPECT_THAT(walk(4), ElementsAre(0x1001, 0x1002, 0x1003));
}

TEST_F(Walk, EndsAtWhatIsNoFrame) {
    frame(4, at(10) + 1, 0x1001); // not aligned
    EXPECT_THAT(walk(4), ElementsAre(0x1001));
    frame(4, at(0) + sizeof words - 8, 0x1001); // half outside
    EXPECT_THAT(walk(4), ElementsAre(0x1001));
    frame(4, at(2), 0x1001); // backwards
    EXPECT_THAT(walk(4), ElementsAre(0x1001));
    frame(4, at(10), 0x1001);
    frame(10, at(20), ~std::uintptr_t{0}); // no code is there
    EXPECT_THAT(walk(4), ElementsAre(0x1001));
}

TEST_F(Walk, GoesOnFromTheRuntimesFrameWhereTheChainBreaks) {
    frame(4, 0x123456, 0x1001); // a library that uses the register for numbers of its own
    words[60] = 0x99; // InlinedCallFrame: kind, next, unused, stack pointer, return address, frame pointer
    words[61] = ~std::uintptr_t{0};
    words[63] = at(40);
    words[64] = 0x2001;
    words[65] = at(80);
    frame(80, at(90), 0x2002);
    frame(90, 0, 0x2003);
    EXPECT_THAT(walk(4, at(60)), ElementsAre(0x1001, 0x2001, 0x2002, 0x2003));
}

TEST_F(Walk, ReadsNothingOutsideOfTheStack) {
    frame(4, 0x123456, 0x1001);
    EXPECT_THAT(walk(4, 0x10), ElementsAre(0x1001));
    EXPECT_THAT(walk(4, at(127)), ElementsAre(0x1001)); // half of it is outside
    words[61] = at(60);                                 // a chain that goes in a circle
    EXPECT_THAT(walk(4, at(60)), ElementsAre(0x1001));
}

TEST(CodeStore, WritesWhatDiffersByOneStoreWithinACacheLine) {
    constexpr std::uint64_t kBefore = 0x00007f0011223344;
    const auto plan = [](std::uintptr_t address, std::uint64_t after) {
        const CodeStore store = planCodeStore(address, kBefore, after);
        return std::pair(store.offset, store.bytes);
    };
    using Plan = std::pair<std::size_t, std::size_t>;
    EXPECT_EQ(plan(0, kBefore), Plan(0, 0));
    EXPECT_EQ(plan(0, kBefore ^ 1), Plan(0, 1));
    EXPECT_EQ(plan(0, kBefore ^ 0xff00), Plan(1, 1));
    EXPECT_EQ(plan(0, kBefore ^ 0xffffffff), Plan(0, 4));
    EXPECT_EQ(plan(60, kBefore ^ 0xffffffff), Plan(0, 4)); // the rest, which stays, is in the next line
    EXPECT_EQ(plan(61, kBefore ^ 0xffffffff), Plan(0, 0)); // must not be written
    EXPECT_EQ(plan(62, kBefore ^ 0x10000), Plan(2, 1));    // all of it in the next line
    EXPECT_EQ(plan(56, kBefore ^ 0xff000000ff), Plan(0, 8));
    EXPECT_EQ(plan(57, kBefore ^ 0xff000000ff), Plan(0, 0));
}

} // namespace
} // namespace firstchance::agent
