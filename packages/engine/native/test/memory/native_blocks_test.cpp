#include "memory/native_blocks.h"

#include <cstring>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "../base/sanitized.h"
#include "memory_target.h"
#include "torn_image.h"

namespace firstchance {
namespace {

//! \brief How many blocks of malloc there are, by their size.
std::map<std::uint64_t, std::uint64_t> sizesOf(const NativeBlocks& found) {
    std::map<std::uint64_t, std::uint64_t> sizes;
    for (const NativeBlock& block : found.blocks) {
        sizes[block.kind == NativeKind::Malloc ? block.range.size() + 16 : 0] += 1;
    }
    return sizes;
}

std::uint64_t bytesOf(const NativeBlocks& found, NativeKind kind) {
    std::uint64_t bytes = 0;
    for (const NativeBlock& block : found.blocks) {
        bytes += block.kind == kind ? block.range.size() + (kind == NativeKind::Malloc ? 16 : 0) : 0;
    }
    return bytes;
}

class NativeBlocksTest : public testing::Test {
protected:
    void SetUp() override {
        if (kSanitized) {
            GTEST_SKIP() << "the sanitizer's allocator is not glibc's";
        }
    }
    NativeBlocks look(const RuntimeMemory& runtime = {}) {
        const auto image = target.snapshot();
        NativeBlocks found = image ? readNativeBlocks(*image, runtime) : NativeBlocks{};
        EXPECT_EQ("", found.why);
        for (std::size_t i = 1; i < found.blocks.size(); ++i) {
            EXPECT_LE(found.blocks[i - 1].range.end, found.blocks[i].range.begin);
        }
        return found;
    }
    MemoryTarget target;
};

TEST_F(NativeBlocksTest, OfMallocAreThoseHandedOut) {
    const auto before = sizesOf(look());
    target.tell("malloc 5000 100"); // 112 with the header: freed ones go to a thread's cache and fast lists
    target.tell("malloc 300 3000");
    target.tell("malloc 3 1000000"); // mapped, each for itself
    auto after = sizesOf(look());
    const auto grown = [&](std::uint64_t size) {
        const auto then = before.find(size);
        return after[size] - (then == before.end() ? 0 : then->second);
    };
    EXPECT_EQ(5000U, grown(112));
    EXPECT_EQ(300U, grown(3008));
    EXPECT_EQ(3U, grown(1'003'520));
    target.tell("free");
    after = sizesOf(look());
    EXPECT_EQ(2500U, grown(112));
    EXPECT_EQ(150U, grown(3008));
    EXPECT_EQ(1U, grown(1'003'520));
}

TEST_F(NativeBlocksTest, OfMallocAreNotThoseOfTheCompiler) {
    target.tell("slabs 40 65536");
    target.tell("malloc 2 65536");
    auto sizes = sizesOf(look());
    EXPECT_EQ(2U, sizes[65536 + 16]);
}

TEST_F(NativeBlocksTest, OfMallocAreAllThatIsInUse) {
    target.tell("malloc 3000 5000");
    target.tell("threads 4 5000");
    const std::uint64_t inUse = target.tell("malloc 2 2000000");
    const std::uint64_t found = bytesOf(look(), NativeKind::Malloc);
    // What malloc keeps for itself (arenas' states) is no block.
    EXPECT_LE(found, inUse);
    EXPECT_GE(found, inUse - std::uint64_t{5} * 4096);
}

TEST_F(NativeBlocksTest, OfMappingsLeaveOutWhatIsNobodys) {
    const NativeBlocks before = look();
    target.tell("anonymous 1 8388608");
    target.tell("executable 1 4194304");
    target.tell("shared 1 2097152");
    target.tell("threads 3 10");
    target.tell("file 3 4096"); // of a program: its code
    const NativeBlocks after = look();
    EXPECT_EQ(8U << 20U, bytesOf(after, NativeKind::Anonymous) - bytesOf(before, NativeKind::Anonymous));
    EXPECT_EQ(bytesOf(before, NativeKind::File), bytesOf(after, NativeKind::File));
}

TEST_F(NativeBlocksTest, LeaveOutWhatTheRuntimeHas) {
    target.tell("anonymous 1 8388608");
    const NativeBlocks whole = look();
    std::vector<AddressRange> committed;
    for (const NativeBlock& block : whole.blocks) {
        if (block.kind == NativeKind::Anonymous && block.range.size() >= (8U << 20U)) {
            committed.push_back({block.range.begin + (1U << 20U), block.range.begin + (3U << 20U)});
        }
    }
    ASSERT_EQ(1U, committed.size());
    const NativeBlocks less = look({.gcCommitted = committed, .loaderHeaps = {}});
    EXPECT_EQ(bytesOf(whole, NativeKind::Anonymous) - (2U << 20U), bytesOf(less, NativeKind::Anonymous));
}

//! Chunks with any sizes and lists that lead anywhere end in less, never in a loop or in blocks that overlap.
TEST_F(NativeBlocksTest, OfADamagedHeapAreFewer) {
    target.tell("malloc 2000 100");
    target.tell("malloc 200 3000");
    target.tell("free");
    const auto image = target.snapshot();
    ASSERT_TRUE(image);
    const std::uint64_t whole = bytesOf(readNativeBlocks(*image, {}), NativeKind::Malloc);
    std::mt19937_64 random(11);
    int damaged = 0;
    for (int round = 0; round < 60; ++round) {
        const std::uint64_t share = random() % 3;
        const std::uint64_t seed = random();
        const TornImage torn(*image, [&](Address address, std::span<std::byte> heap) {
            for (std::size_t at = address.alignUp(8) - address; at + 8 <= heap.size(); at += 8) {
                std::uint64_t mixed = ((address + at).value() ^ seed) * 0x9E3779B97F4A7C15ULL;
                mixed ^= mixed >> 29U;
                if (mixed >> (50 - share) == 0) {
                    const std::uint64_t word = (mixed * 0xBF58476D1CE4E5B9ULL) >> (mixed % 64);
                    std::memcpy(heap.data() + at, &word, sizeof word);
                }
            }
        });
        const NativeBlocks found = readNativeBlocks(torn, {});
        damaged += bytesOf(found, NativeKind::Malloc) != whole ? 1 : 0;
        for (std::size_t i = 0; i < found.blocks.size(); ++i) {
            const AddressRange& range = found.blocks[i].range;
            const Mapping* mapping = torn.findMapping(range.begin);
            ASSERT_TRUE(mapping != nullptr && !range.empty() && range.end <= mapping->range.end);
            ASSERT_TRUE(i == 0 || found.blocks[i - 1].range.end <= range.begin);
        }
    }
    EXPECT_GT(damaged, 0);
}

} // namespace
} // namespace firstchance
