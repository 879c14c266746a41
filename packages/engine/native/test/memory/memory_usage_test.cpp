#include "../base/sanitized.h"
#include "memory/memory_usage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "memory/descriptors.h"
#include "memory/glibc_arenas.h"
#include "memory_target.h"
#include "torn_image.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kMegabyte = 1U << 20U;

using Target = MemoryTarget;

class MallocInUse : public testing::TestWithParam<CaptureMethod> {};

TEST_P(MallocInUse, IsWhatMallocSaysToTheByte) {
    if (kSanitized) {
        GTEST_SKIP() << "the sanitizer's allocator is not glibc's";
    }
    Target target;
    // Small ones, with holes between them; some of a thread's own arena; large ones that are mapped.
    target.tell("malloc 5000 100");
    target.tell("malloc 300 3000");
    EXPECT_EQ(target.look(GetParam()).mallocBytes, target.tell("look"));
    target.tell("free");
    target.tell("malloc 100 40");
    EXPECT_EQ(target.look(GetParam()).mallocBytes, target.tell("look"));
    target.tell("threads 4 5000");
    target.tell("malloc 3 1000000");
    EXPECT_EQ(target.look(GetParam()).mallocBytes, target.tell("look"));
}

INSTANTIATE_TEST_SUITE_P(Methods, MallocInUse,
                         testing::Values(CaptureMethod::Clone, CaptureMethod::Copy, CaptureMethod::Stop),
                         [](const auto& tested) { return captureMethodName(tested.param); });

TEST(MallocInUseWithoutTheCompiler, LeavesOutWhatItWorksIn) {
    if (kSanitized) {
        GTEST_SKIP() << "the sanitizer's allocator is not glibc's";
    }
    Target target;
    const std::uint64_t before = target.tell("threads 2 5000");
    target.tell("slabs 40 65536");
    EXPECT_EQ(target.look().mallocBytes, before);
    // A buffer of that size is no slab, nor is one that says another size.
    const std::uint64_t slabs = target.tell("nothing 0 0") - before;
    EXPECT_GE(slabs, 40 * 65536U);
    const std::uint64_t all = target.tell("malloc 3 65536");
    EXPECT_EQ(target.look().mallocBytes, all - slabs);
    const std::uint64_t others = target.tell("slabs 3 65000");
    EXPECT_EQ(target.look().mallocBytes, others - slabs);
    const std::uint64_t after = target.tell("free");
    EXPECT_LT(after, others);
    EXPECT_EQ(target.look().mallocBytes, after - slabs / 2);
}

TEST(MallocOfAProgramThatChangedItsLimits, IsAbsentOrRight) {
    Target target("glibc.malloc.mmap_max=17");
    const std::uint64_t inUse = target.tell("malloc 3 1000000");
    const auto seen = target.look().mallocBytes;
    EXPECT_TRUE(!seen || *seen == inUse) << *seen << " " << inUse;
}

TEST(MemoryUsage, GrowsWhereMemoryWasTaken) {
    if (kSanitized) {
        GTEST_SKIP() << "the sanitizer's allocator is not glibc's";
    }
    Target target;
    target.tell("malloc 1 100");
    const MemoryUsage before = target.look();
    target.tell("anonymous 1 8388608");
    target.tell("executable 1 4194304");
    target.tell("shared 1 2097152");
    target.tell("file 3 4096");
    target.tell("malloc 2000 1000");
    target.tell("malloc 4 3000000");
    target.tell("threads 3 10");
    const MemoryUsage after = target.look();
    EXPECT_EQ(after.sharedBytes - before.sharedBytes, 2 * kMegabyte);
    EXPECT_EQ(after.mappedBytes - before.mappedBytes, 3 * 4096);
    EXPECT_EQ(after.privateBytes.jit - before.privateBytes.jit, 4 * kMegabyte);
    const std::uint64_t malloc = after.privateBytes.malloc - before.privateBytes.malloc;
    EXPECT_GE(malloc, 14'000'000U);
    EXPECT_LE(malloc, 14'000'000U + kMegabyte / 2);
    // A thread begins with some pages of stack and of its own data.
    EXPECT_GE(after.privateBytes.stacks - before.privateBytes.stacks, 3 * 4096U);
    EXPECT_LE(after.privateBytes.stacks - before.privateBytes.stacks, 3 * 65536U);
    const std::uint64_t other = after.privateBytes.other - before.privateBytes.other;
    EXPECT_GE(other, 8 * kMegabyte);
    EXPECT_LE(other, 8 * kMegabyte + 65536);
    EXPECT_EQ(after.privateBytes.gcHeap, 0U);
    EXPECT_GE(after.mappings, before.mappings + 8);
}

TEST(MemoryUsage, OfLoaderHeapsIsNotCountedAsCode) {
    Target target;
    target.tell("executable 1 4194304");
    target.tell("anonymous 1 8388608");
    const auto image = target.snapshot();
    ASSERT_TRUE(image);
    const MemoryUsage without = readMemoryUsage(*image, {});
    std::vector<AddressRange> heaps;
    for (const Mapping& mapping : image->mappings()) {
        if (mapping.path.empty() && mapping.executable && mapping.range.size() == 4 * kMegabyte) {
            heaps.push_back({mapping.range.begin + kMegabyte, mapping.range.begin + 2 * kMegabyte});
        }
    }
    ASSERT_EQ(1U, heaps.size());
    const MemoryUsage with = readMemoryUsage(*image, {.gcCommitted = {}, .loaderHeaps = heaps});
    EXPECT_EQ(0U, without.privateBytes.loader);
    EXPECT_EQ(kMegabyte, with.privateBytes.loader);
    EXPECT_EQ(without.privateBytes.jit - kMegabyte, with.privateBytes.jit);
    EXPECT_EQ(without.privateBytes.other, with.privateBytes.other);
}

TEST(MemoryUsage, DoesNotCountMappingsOfTheCollector) {
    Target target;
    target.tell("look");
    const auto without = target.look().mappings;
    constexpr std::uint64_t kRegion = 23 * 4096; // nobody else has mappings of that size
    target.tell("heap 6 " + std::to_string(kRegion));
    target.tell("anonymous 1 2097152");
    const auto image = target.snapshot();
    ASSERT_TRUE(image);
    const auto mappings = image->mappings();
    std::vector<AddressRange> committed;
    for (std::size_t at = 0; at + 1 < mappings.size(); ++at) {
        const Mapping& behind = mappings[at + 1];
        if (mappings[at].writable && mappings[at].range.size() == kRegion && !behind.readable) {
            // The first object of a region lies behind a header.
            committed.push_back({mappings[at].range.begin + 64, mappings[at].range.end});
        }
    }
    ASSERT_EQ(6U, committed.size());
    const MemoryUsage usage = readMemoryUsage(*image, {.gcCommitted = committed, .loaderHeaps = {}});
    EXPECT_EQ(readMemoryUsage(*image, {}).mappings, usage.mappings + 12);
    EXPECT_LE(usage.mappings, without + 1);
}

TEST(Descriptors, AreCountedExactly) {
    Target target;
    target.tell("look");
    const auto before = countDescriptors(target.pid());
    target.tell("open 17");
    target.tell("sockets 5");
    const auto after = countDescriptors(target.pid());
    ASSERT_TRUE(before && after);
    EXPECT_EQ(after->all - before->all, 22U);
    EXPECT_EQ(after->sockets - before->sockets, 5U);
    EXPECT_FALSE(countDescriptors(0x3fffffff));
}

//! An image whose libc data is whatever a fuzzer makes of it must end in nothing or a number, never in a
//! loop.
TEST(GlibcArenas, OfTornListsIsAbsent) {
    if (kSanitized) {
        GTEST_SKIP() << "the sanitizer's allocator is not glibc's";
    }
    Target target;
    target.tell("malloc 3000 200");
    target.tell("free");
    SnapshotOptions options;
    options.method = CaptureMethod::Clone;
    const auto image = takeSnapshot(target.pid(), options);
    ASSERT_TRUE(image) << describe(image.error());

    const TornImage torn(**image, [](Address, std::span<std::byte> heap) {
        for (std::byte& one : heap) {
            one ^= std::byte{0x5a};
        }
    });
    EXPECT_TRUE(readGlibcArenas(**image));
    EXPECT_FALSE(readGlibcArenas(torn));
}

} // namespace
} // namespace firstchance
