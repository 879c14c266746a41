#include "clr/handle_counts.h"

#include <gtest/gtest.h>

#include "clr/clr_fixture.h"
#include "clr/handles.h"

namespace firstchance {
namespace {

constexpr std::size_t kWeakShort = 0;
constexpr std::size_t kStrong = 2;

class HandleCountsTest : public ClrTest {
protected:
    //! \brief Counts in the tables against what the DAC lists: it leaves out those without an object.
    static void expectEmptyOnesCounted() {
        const HandleCounts counted = countHandles(dac());
        const GcHandles listed = readHandles(dac());
        ASSERT_TRUE(counted.complete) << counted.why;
        ASSERT_TRUE(listed.complete) << listed.why;
        std::uint64_t sum = 0;
        for (std::size_t kind = 0; kind < counted.byKind.size(); ++kind) {
            sum += counted.byKind[kind];
            EXPECT_GE(counted.byKind[kind], listed.byKind[kind]) << kind;
        }
        EXPECT_EQ(counted.all, sum);
        // Weak references of the runtime itself whose target has died come to a few.
        const std::uint64_t weak = counted.byKind[kWeakShort] - listed.byKind[kWeakShort];
        EXPECT_GE(weak, counts().at("empty-weak"));
        EXPECT_LE(weak, counts().at("empty-weak") + 20);
        EXPECT_EQ(counts().at("empty-strong"), counted.byKind[kStrong] - listed.byKind[kStrong]);
    }
};

TEST_F(HandleCountsTest, CountsHandlesWithoutObjectAndNoneThatWereFreed) {
    expectEmptyOnesCounted();
}

TEST_F(HandleCountsTest, TellsTheSameEachTime) {
    const HandleCounts first = countHandles(dac());
    const HandleCounts second = countHandles(dac());
    EXPECT_EQ(first.byKind, second.byKind);
}

class ServerHandleCountsTest : public HandleCountsTest {
protected:
    static void SetUpTestSuite() { start({"DOTNET_gcServer=1", "DOTNET_GCHeapCount=2"}); }
};

TEST_F(ServerHandleCountsTest, CountsThoseOfAllHeaps) {
    expectEmptyOnesCounted();
}

} // namespace
} // namespace firstchance
