#include "heap/type_counts.h"

#include <map>

#include <gtest/gtest.h>

#include "clr/clr_fixture.h"
#include "heap/object_walk.h"

namespace firstchance {
namespace {

class TypeCountsTest : public ClrTest {
protected:
    static GcHeap heap() {
        auto read = readGcHeap(dac());
        EXPECT_TRUE(read) << describe(read.error());
        return std::move(*read);
    }
    static std::map<Address, std::uint64_t> instances(const TypeCounts& counts) {
        std::map<Address, std::uint64_t> byType;
        for (const TypeCounts::Count& count : counts.types) {
            EXPECT_TRUE(byType.emplace(count.methodTable, count.instances).second);
        }
        return byType;
    }
};

TEST_F(TypeCountsTest, IsTheSameHoweverManyThreadsCount) {
    const GcHeap heap = TypeCountsTest::heap();
    std::map<Address, std::uint64_t> visited;
    ASSERT_TRUE(visitObjects(image(), heap, nullptr, [&](Address, Address table) { visited[table] += 1; }));
    ASSERT_GE(visited.size(), 50U);
    for (const unsigned threads : {1U, 2U, 7U, 1000U}) {
        const auto counts = countTypes(image(), heap, threads, nullptr);
        ASSERT_TRUE(counts);
        EXPECT_EQ(visited, instances(*counts)) << threads;
        EXPECT_EQ(0U, counts->holes.holes);
    }
}

TEST_F(TypeCountsTest, AddsUpTheHolesOfAllThreads) {
    GcHeap heap = TypeCountsTest::heap();
    const std::uint64_t whole = countTypes(image(), heap, 2, nullptr)->types.size();
    for (const std::uint64_t page : {3, 0, 1, 2}) { // an ELF file has no objects
        const Address begin = runtime().base + page * 4096;
        heap.segments.push_back({.objects = {begin, begin + 4096}, .committed = {}});
    }
    for (const unsigned threads : {1U, 3U}) {
        const auto counts = countTypes(image(), heap, threads, nullptr);
        ASSERT_TRUE(counts);
        EXPECT_EQ(4U, counts->holes.holes);
        EXPECT_EQ(4U * 4096, counts->holes.bytes);
        EXPECT_EQ(runtime().base, counts->holes.first);
        EXPECT_EQ(whole, counts->types.size());
    }
}

TEST_F(TypeCountsTest, EveryThreadStopsWhenCancelled) {
    const std::atomic<bool> cancelled{true};
    EXPECT_FALSE(countTypes(image(), heap(), 3, &cancelled));
}

TEST_F(TypeCountsTest, CountsNothingWhereThereAreNoSegments) {
    GcHeap heap = TypeCountsTest::heap();
    heap.segments.clear();
    const auto counts = countTypes(image(), heap, 2, nullptr);
    ASSERT_TRUE(counts);
    EXPECT_TRUE(counts->types.empty());
}

} // namespace
} // namespace firstchance
