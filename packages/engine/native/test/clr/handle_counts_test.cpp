#include "clr/handle_counts.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "clr/clr_fixture.h"
#include "clr/handles.h"

namespace firstchance {
namespace {

constexpr std::size_t kWeakShort = 0;
constexpr std::size_t kStrong = 2;
constexpr std::size_t kDependent = 6;

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
        // Those of dead keys are entries that their table uses again.
        EXPECT_EQ(counted.byKind[kDependent], listed.byKind[kDependent]);
        EXPECT_GE(counted.byKind[kDependent], 350U);
        for (const auto& [kind, name] : {std::pair(kWeakShort, "empty-weak"), {kStrong, "empty-strong"}}) {
            const std::uint64_t empty = counted.byKind[kind] - listed.byKind[kind];
            const std::uint64_t expected = std::stoull(facts().at(name));
            EXPECT_GE(empty, expected);
            EXPECT_LE(empty, expected + 20); // the runtime itself has a few
        }
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
