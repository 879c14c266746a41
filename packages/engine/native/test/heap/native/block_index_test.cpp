#include "heap/native/block_index.h"

#include <random>

#include <gtest/gtest.h>

namespace firstchance {
namespace {

//! \brief Blocks of all sizes with gaps between them, small ones on one page as well.
std::vector<NativeBlock> randomBlocks(std::mt19937_64& random, std::size_t count) {
    std::vector<NativeBlock> blocks;
    Address at(0x5555'0000'0000);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t size = 16 + (random() >> (64 - (1 + random() % 26)));
        at += random() % 3 == 0 ? 16 : random() >> 30U;
        blocks.push_back({{at, at + size}, NativeKind::Malloc});
        at += size;
    }
    return blocks;
}

TEST(BlockIndex, FindsWhatABlockContainsAndNothingElse) {
    std::mt19937_64 random(5);
    for (int round = 0; round < 20; ++round) {
        const auto blocks = randomBlocks(random, 200);
        const BlockIndex index(blocks);
        for (std::uint32_t block = 0; block < blocks.size(); ++block) {
            const std::uint64_t begin = blocks[block].range.begin.value();
            const std::uint64_t end = blocks[block].range.end.value();
            EXPECT_EQ(block, index.find(begin));
            EXPECT_EQ(block, index.find(end - 1));
            EXPECT_EQ(block, index.find(begin + random() % (end - begin)));
            EXPECT_NE(block, index.find(end));
            EXPECT_NE(block, index.find(begin - 1));
        }
        for (int i = 0; i < 1000; ++i) {
            EXPECT_EQ(BlockIndex::kNone, index.find(random() | (std::uint64_t{1} << 60U)));
        }
        EXPECT_EQ(BlockIndex::kNone, index.find(0));
        EXPECT_EQ(BlockIndex::kNone, index.find(UINT64_MAX));
    }
}

TEST(BlockIndex, OfNothingFindsNothing) {
    const BlockIndex index({});
    EXPECT_EQ(BlockIndex::kNone, index.find(0));
    EXPECT_EQ(BlockIndex::kNone, index.find(0x7fff'0000'0000));
}

} // namespace
} // namespace firstchance
