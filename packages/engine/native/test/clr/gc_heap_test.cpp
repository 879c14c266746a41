#include "clr/gc_heap.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "clr/clr_fixture.h"
#include "clr/memory_regions.h"
#include "clr/type_names.h"

namespace firstchance {
namespace {

class GcHeapTest : public ClrTest {
protected:
    static void expectSoundHeap(const GcHeap& heap) {
        EXPECT_TRUE(heap.structuresValid);
        ASSERT_FALSE(heap.segments.empty());
        for (const GcSegment& segment : heap.segments) {
            EXPECT_LE(segment.objects.begin, segment.objects.end);
            EXPECT_LE(segment.objects.end, segment.committed.end);
            EXPECT_NE(nullptr, image().findMapping(segment.objects.begin));
            EXPECT_GE(segment.generation, 0);
            EXPECT_LE(segment.generation, 5);
            EXPECT_EQ(segment.frozen, segment.generation == 5);
            EXPECT_LT(segment.heap, heap.heapCount);
        }
        for (std::size_t i = 1; i < heap.segments.size(); ++i) {
            EXPECT_LE(heap.segments[i - 1].objects.end, heap.segments[i].objects.begin);
        }
        for (const int generation : {0, 2, 3, 4, 5}) {
            EXPECT_TRUE(std::any_of(heap.segments.begin(), heap.segments.end(), [&](const GcSegment& s) {
                return s.generation == generation;
            })) << generation;
        }
        EXPECT_EQ("Free", typeName(dac(), heap.freeType));
        EXPECT_EQ("System.String", typeName(dac(), heap.stringType));
    }
    static void expectQuietCounter() {
        const auto counter = findGcCounter(dac());
        ASSERT_TRUE(counter);
        const Mapping* mapping = image().findMapping(*counter);
        ASSERT_NE(nullptr, mapping);
        EXPECT_TRUE(mapping->writable);
        EXPECT_EQ(0U, image().readValue<std::uint32_t>(*counter));
        const auto heap = readGcHeap(dac());
        ASSERT_TRUE(heap);
        EXPECT_EQ(*counter, heap->counterAddress);
    }
};

TEST_F(GcHeapTest, ListsTheSegmentsOfAWorkstationHeap) {
    const auto heap = readGcHeap(dac());
    ASSERT_TRUE(heap) << describe(heap.error());
    EXPECT_FALSE(heap->server);
    EXPECT_EQ(1U, heap->heapCount);
    expectSoundHeap(*heap);
}

TEST_F(GcHeapTest, FindsTheCounterOfTheGc) {
    expectQuietCounter();
}

TEST_F(GcHeapTest, EnumeratesMoreForAHeapThanForAMiniDump) {
    const auto size = [](RegionKind kind) {
        const auto regions = enumerateRegions(dac(), kind);
        EXPECT_TRUE(regions);
        std::uint64_t bytes = 0;
        Address last;
        for (const AddressRange& range : *regions) {
            EXPECT_GT(range.begin, last);
            EXPECT_EQ(0U, range.begin.value() % 4096);
            bytes += range.size();
            last = range.end;
        }
        return bytes;
    };
    const std::uint64_t mini = size(RegionKind::Mini);
    const std::uint64_t heap = size(RegionKind::Heap);
    EXPECT_GT(mini, 100'000U);
    EXPECT_GT(heap, mini);
    EXPECT_LT(heap, 64U << 20U);
}

class ServerGcHeapTest : public GcHeapTest {
protected:
    static void SetUpTestSuite() {
        start({"DOTNET_gcServer=1", "DOTNET_GCHeapCount=2", "DOTNET_GCDynamicAdaptationMode=0"});
    }
};

TEST_F(ServerGcHeapTest, ListsTheSegmentsOfEveryHeap) {
    const auto heap = readGcHeap(dac());
    ASSERT_TRUE(heap) << describe(heap.error());
    EXPECT_TRUE(heap->server);
    EXPECT_EQ(2U, heap->heapCount);
    expectSoundHeap(*heap);
    EXPECT_TRUE(std::any_of(heap->segments.begin(), heap->segments.end(),
                            [](const GcSegment& s) { return s.heap == 1; }));
}

TEST_F(ServerGcHeapTest, FindsTheCounterBesideTheNumberOfHeaps) {
    expectQuietCounter();
}

} // namespace
} // namespace firstchance
