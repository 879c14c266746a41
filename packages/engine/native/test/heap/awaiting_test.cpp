#include "heap/awaiting.h"

#include <gmock/gmock.h>

#include "clr/clr_fixture.h"

namespace firstchance {
namespace {

//! \brief "A(B(C),D)"
std::string shape(const AsyncNode& node) {
    std::string text = node.method;
    for (std::size_t i = 0; i < node.awaits.size(); ++i) {
        text.append(i == 0 ? "(" : ",").append(shape(node.awaits[i]));
    }
    return text + (node.awaits.empty() ? "" : ")");
}

class AwaitingTest : public ClrTest {
protected:
    static std::vector<AsyncNode> trees() {
        const auto heap = readGcHeap(dac());
        EXPECT_TRUE(heap);
        const auto awaiting = readAwaiting(dac(), *heap);
        EXPECT_TRUE(awaiting);
        return awaiting.value_or(std::vector<AsyncNode>{});
    }
};

TEST_F(AwaitingTest, ShowsTheChainsThatNeverEnd) {
    std::vector<std::string> shapes;
    for (const AsyncNode& tree : trees()) {
        shapes.push_back(shape(tree));
    }
    EXPECT_THAT(
        shapes,
        testing::UnorderedElementsAre(
            "Subject.Checkout.RunAsync(Subject.Checkout.LoadAsync(Subject.Checkout.FetchAsync(System."
            "Threading.Tasks.Task<System.Int32>)))",
            "Subject.Stream.SumAsync(Subject.Stream.ItemsAsync(System.Threading.Tasks.Task<System.Int32>))",
            "Subject.Invoked.InvokeAsync(Subject.Invoked.ActionAsync(System.Threading.Tasks.Task<System."
            "Int32>))",
            "Subject.Gate.PassAsync(System.Threading.SemaphoreSlim+TaskNode)",
            testing::AnyOf("Subject.Both.WaitForBothAsync(System.Threading.Tasks.Task+WhenAllPromise("
                           "Subject.Both.LeftAsync(System.Threading.Tasks.Task),"
                           "Subject.Both.RightAsync(System.Threading.Tasks.Task+DelayPromise)))",
                           "Subject.Both.WaitForBothAsync(System.Threading.Tasks.Task+WhenAllPromise("
                           "Subject.Both.RightAsync(System.Threading.Tasks.Task+DelayPromise),"
                           "Subject.Both.LeftAsync(System.Threading.Tasks.Task)))")));
}

TEST_F(AwaitingTest, LeadsToTheSource) {
    for (const AsyncNode& tree : trees()) {
        EXPECT_EQ("Subject.dll", tree.module);
        EXPECT_EQ(DotnetSubject::assemblyPath(), tree.modulePath);
        EXPECT_EQ(0x06000000U, tree.token & 0xFF000000U);
        EXPECT_NE(0U, tree.token & 0xFFFFFFU);
        if (tree.method == "Subject.Checkout.RunAsync") {
            EXPECT_EQ(0, tree.state);
            EXPECT_EQ(1, tree.awaits.front().state); // its second await
        }
    }
}

TEST_F(AwaitingTest, KeepsToItsLimits) {
    const auto heap = readGcHeap(dac());
    ASSERT_TRUE(heap);
    AwaitingLimits limits;
    limits.nodes = 1;
    const auto few = readAwaiting(dac(), *heap, nullptr, limits);
    ASSERT_TRUE(few);
    for (const AsyncNode& tree : *few) {
        EXPECT_TRUE(tree.awaits.empty());
    }
    const std::atomic<bool> cancelled{true};
    EXPECT_EQ(ErrorCode::Cancelled, readAwaiting(dac(), *heap, &cancelled).error().code);
}

} // namespace
} // namespace firstchance
