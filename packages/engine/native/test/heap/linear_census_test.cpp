#include "heap/linear_census.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "clr/clr_fixture.h"
#include "clr/type_name_syntax.h"

namespace firstchance {
namespace {

class LinearCensusTest : public ClrTest {
protected:
    //! \brief Type.ToString() of .NET to our spelling: "Outer`1+Inner`1[A,B]" has single brackets and no
    //! assemblies.
    static std::string ourName(const std::string& name) {
        std::string doubled;
        for (std::size_t i = 0; i < name.size(); ++i) {
            const bool array = name[i] == '[' && (name[i + 1] == ']' || name[i + 1] == ',');
            if (array) {
                const std::size_t end = name.find(']', i);
                doubled += name.substr(i, end - i + 1);
                i = end;
            } else if (name[i] == '[') {
                doubled += "[[";
            } else if (name[i] == ']') {
                doubled += "]]";
            } else if (name[i] == ',') {
                doubled += "],[";
            } else {
                doubled += name[i];
            }
        }
        return readableName(doubled);
    }

    static void expectTheProgramsCounts() {
        const auto heap = readGcHeap(dac());
        ASSERT_TRUE(heap);
        const auto census = countObjects(dac(), *heap);
        ASSERT_TRUE(census) << describe(census.error());
        EXPECT_TRUE(census->complete) << census->why;
        ASSERT_GE(counts().size(), 10U);
        for (const auto& [name, count] : counts()) {
            std::uint64_t found = 0;
            for (const TypeTotal& type : census->types) {
                found += type.type == ourName(name) ? type.instances : 0;
            }
            EXPECT_EQ(count, found) << ourName(name);
        }
    }
};

TEST_F(LinearCensusTest, CountsWhatTheProgramAllocated) {
    expectTheProgramsCounts();
}

TEST_F(LinearCensusTest, AddsUp) {
    const auto heap = readGcHeap(dac());
    ASSERT_TRUE(heap);
    const auto census = countObjects(dac(), *heap);
    ASSERT_TRUE(census);
    std::uint64_t objects = 0;
    std::uint64_t bytes = 0;
    for (const TypeTotal& type : census->types) {
        EXPECT_GT(type.instances, 0U);
        EXPECT_GE(type.bytes, 24 * type.instances);
        EXPECT_FALSE(type.type.starts_with("<unknown")) << type.type;
        objects += type.instances;
        bytes += type.bytes;
    }
    EXPECT_EQ(census->objects, objects);
    EXPECT_EQ(census->bytes, bytes);
    EXPECT_TRUE(std::is_sorted(census->types.begin(), census->types.end(),
                               [](const TypeTotal& a, const TypeTotal& b) { return a.bytes > b.bytes; }));
    // Every byte of every segment is an object, free, or handed out to a thread.
    std::uint64_t segments = 0;
    for (const GcSegment& segment : heap->segments) {
        segments += segment.objects.size();
    }
    std::uint64_t contexts = 0;
    for (const AddressRange& context : heap->allocationContexts) {
        contexts += context.size() + 24;
    }
    EXPECT_LE(census->bytes + census->freeBytes, segments);
    EXPECT_GE(census->bytes + census->freeBytes + contexts, segments);
}

TEST_F(LinearCensusTest, KnowsSizesAndModules) {
    const auto heap = readGcHeap(dac());
    ASSERT_TRUE(heap);
    const auto census = countObjects(dac(), *heap);
    ASSERT_TRUE(census);
    const auto find = [&](const std::string& name) {
        const auto found = std::find_if(census->types.begin(), census->types.end(),
                                        [&](const TypeTotal& t) { return t.type == name; });
        EXPECT_NE(census->types.end(), found) << name;
        return found == census->types.end() ? TypeTotal{} : *found;
    };
    EXPECT_EQ(1000U * 32, find("Subject.Marker").bytes); // header, MethodTable, two longs
    EXPECT_EQ(5U * (24 + 16 * 20'000), find("System.Guid[]").bytes);
    EXPECT_EQ(21U * (24 + 5 * 16), find("Subject.Pair[]").bytes);
    EXPECT_EQ("Subject.dll", find("Subject.Pair[]").module);
    EXPECT_EQ("Subject.dll", find("Subject.Outer<System.Int32>+Inner<System.String>").module);
    EXPECT_EQ("System.Private.CoreLib.dll", find("System.String").module);
    // 100 strings of 20,001 to 20,100 characters and their number's digits: 22 bytes and two per character,
    // rounded up to 8.
    std::uint64_t least = 0;
    for (std::uint64_t i = 0; i < 100; ++i) {
        least += (22 + 2 * (20'001 + i + (i < 10 ? 1 : 2)) + 7) / 8 * 8;
    }
    EXPECT_GE(find("System.String").bytes, least);
}

TEST_F(LinearCensusTest, StopsWhenCancelled) {
    const auto heap = readGcHeap(dac());
    ASSERT_TRUE(heap);
    const std::atomic<bool> cancelled{true};
    const auto census = countObjects(dac(), *heap, &cancelled);
    ASSERT_FALSE(census);
    EXPECT_EQ(ErrorCode::Cancelled, census.error().code);
}

TEST_F(LinearCensusTest, SaysWhenThereIsNoOrder) {
    auto heap = readGcHeap(dac());
    ASSERT_TRUE(heap);
    heap->structuresValid = false;
    EXPECT_EQ(ErrorCode::Unsupported, countObjects(dac(), *heap).error().code);
}

TEST_F(LinearCensusTest, ReportsWhatItCannotWalk) {
    auto heap = readGcHeap(dac());
    ASSERT_TRUE(heap);
    const auto whole = countObjects(dac(), *heap);
    GcSegment bogus;
    bogus.objects = {runtime().base, runtime().base + 4096}; // an ELF header is no object
    heap->segments.push_back(bogus);
    const auto census = countObjects(dac(), *heap);
    ASSERT_TRUE(census && whole);
    EXPECT_FALSE(census->complete);
    EXPECT_NE(std::string::npos, census->why.find("1 part of the heap with 4096 bytes"));
    EXPECT_EQ(whole->objects, census->objects);
}

class ServerLinearCensusTest : public LinearCensusTest {
protected:
    static void SetUpTestSuite() { start({"DOTNET_gcServer=1"}); }
};
TEST_F(ServerLinearCensusTest, CountsWhatTheProgramAllocated) {
    expectTheProgramsCounts();
}

class SegmentsLinearCensusTest : public LinearCensusTest {
protected:
    static void SetUpTestSuite() { start({"DOTNET_GCName=libclrgc.so"}); }
};
TEST_F(SegmentsLinearCensusTest, CountsWhatTheProgramAllocated) {
    const auto mappings = image().mappings();
    EXPECT_TRUE(std::any_of(mappings.begin(), mappings.end(),
                            [](const Mapping& m) { return m.path.ends_with("/libclrgc.so"); }));

    expectTheProgramsCounts();
}

} // namespace
} // namespace firstchance
