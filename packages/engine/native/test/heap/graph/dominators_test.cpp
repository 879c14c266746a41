#include "heap/graph/dominators.h"

#include <gmock/gmock.h>

#include "heap/graph/made_graph.h"

namespace firstchance {
namespace {

using test::makeGraph;

constexpr std::uint32_t kNone = HeapGraph::kNoNode;

Dominators dominatorsOf(const HeapGraph& graph) {
    auto result = computeDominators(graph);
    EXPECT_TRUE(result);
    return std::move(*result);
}

std::vector<std::uint32_t> idoms(const HeapGraph& graph) {
    const Dominators result = dominatorsOf(graph);
    return {result.idom.begin(), result.idom.end()};
}

//! \brief By definition: a dominates b if b is not reached without a; retained is what is not reached without
//! the node.
void expectAsDefined(const HeapGraph& graph) {
    const Dominators result = dominatorsOf(graph);
    const std::uint32_t nodes = graph.size();
    const auto reached = test::reachedWithout(graph, kNone);
    std::vector<std::vector<bool>> without;
    std::vector<std::uint32_t> depth(nodes); // number of nodes that dominate it
    for (std::uint32_t node = 0; node < nodes; ++node) {
        without.push_back(test::reachedWithout(graph, node));
        std::uint64_t retained = 0;
        for (std::uint32_t other = 0; other < nodes; ++other) {
            const bool dominated = reached[node] && reached[other] && !without[node][other];
            retained += dominated ? graph.bytesOf(other) : 0;
            depth[other] += dominated && other != node ? 1 : 0;
        }
        ASSERT_EQ(result.retained[node], retained) << "node " << node;
    }
    for (std::uint32_t node = 0; node < nodes; ++node) {
        const std::uint32_t idom = result.idom[node];
        if (idom == kNone) {
            ASSERT_EQ(depth[node], 0U) << "node " << node;
        } else {
            // Among its dominators the nearest is the one that all others dominate.
            ASSERT_TRUE(reached[node] && !without[idom][node] && idom != node);
            ASSERT_EQ(depth[idom] + 1, depth[node]) << "node " << node;
        }
    }
}

TEST(Dominators, ofADiamondIsItsTop) {
    EXPECT_THAT(idoms(makeGraph({{1, 2}, {3}, {3}, {}}, {0})), testing::ElementsAre(kNone, 0, 0, 0));
}

TEST(Dominators, ofWhatTwoRootsReachIsNoNode) {
    const HeapGraph graph = makeGraph({{2}, {2}, {3}, {}}, {0, 1});
    EXPECT_THAT(idoms(graph), testing::ElementsAre(kNone, kNone, kNone, 2));
    EXPECT_EQ(dominatorsOf(graph).retained[2], graph.bytesOf(2) + graph.bytesOf(3));
}

TEST(Dominators, aRootInsideAnothersTreeIsItsOwn) {
    EXPECT_THAT(idoms(makeGraph({{1}, {2}, {}}, {0, 1, 1, 1})), testing::ElementsAre(kNone, kNone, 1));
}

TEST(Dominators, unreachableNodesHaveNoneAndRetainNothing) {
    const Dominators result = dominatorsOf(makeGraph({{0, 0}, {0, 2}, {1}}, {0}));
    EXPECT_THAT(std::vector(result.idom.begin(), result.idom.end()), testing::Each(kNone));
    EXPECT_THAT(std::vector(result.retained.begin(), result.retained.end()), testing::ElementsAre(24, 0, 0));
}

TEST(Dominators, ofAnEmptyGraphAreEmpty) {
    EXPECT_TRUE(dominatorsOf(makeGraph({}, {})).idom.empty());
}

TEST(Dominators, agreeWithTheDefinitionOnRandomGraphs) {
    std::mt19937 random(20261125);
    for (int i = 0; i < 4000 && !testing::Test::HasFatalFailure(); ++i) {
        SCOPED_TRACE(i);
        expectAsDefined(test::randomGraph(random, i % 50 == 0 ? 120 : 18));
    }
}

TEST(Dominators, retainedOfTheTopIsAllThatIsReachable) {
    std::mt19937 random(7);
    for (int i = 0; i < 20; ++i) {
        HeapGraph graph = test::randomGraph(random, 20'000);
        test::markReachable(graph);
        const Dominators result = dominatorsOf(graph);
        std::uint64_t top = 0;
        std::uint64_t reachable = 0;
        for (std::uint32_t node = 0; node < graph.size(); ++node) {
            top += result.idom[node] == kNone ? result.retained[node] : 0;
            reachable += graph.isReachable(node) ? graph.bytesOf(node) : 0;
        }
        EXPECT_EQ(top, reachable);
    }
}

TEST(Dominators, ofAListAMillionDeepNeedNoStack) {
    constexpr std::uint32_t kDeep = 1'000'000;
    std::vector<std::vector<std::uint32_t>> references(kDeep);
    for (std::uint32_t node = 0; node + 1 < kDeep; ++node) {
        references[node] = {node + 1};
    }
    references[kDeep - 1] = {0, kDeep / 2}; // a path of a million to shorten
    const HeapGraph graph = makeGraph(references, {0});
    const Dominators result = dominatorsOf(graph);
    std::uint64_t bytes = 0;
    for (std::uint32_t node = kDeep; node-- > 1;) {
        bytes += graph.bytesOf(node);
        ASSERT_EQ(result.idom[node], node - 1);
        ASSERT_EQ(result.retained[node], bytes);
    }
}

TEST(Dominators, ofAListWhoseValuesAnArrayHoldsTooTakeNoQuadraticTime) {
    // 0 is the list's head, 1 the array; link i refers to link i + 1 and to its value, the array to all
    // values. A walk up the list for every value would take 10^11 steps.
    constexpr std::uint32_t kLinks = 400'000;
    std::vector<std::vector<std::uint32_t>> references(2 + 2 * kLinks);
    references[0] = {2};
    for (std::uint32_t link = 0; link < kLinks; ++link) {
        const std::uint32_t value = 2 + kLinks + link;
        references[2 + link] = {value};
        if (link + 1 < kLinks) {
            references[2 + link] = {2 + link + 1, value};
        }
        references[1].push_back(value);
    }
    const Dominators result = dominatorsOf(makeGraph(references, {0, 1}));
    EXPECT_EQ(result.idom[2], 0U);
    EXPECT_EQ(result.idom[2 + kLinks - 1], 2 + kLinks - 2);
    EXPECT_EQ(result.idom[2 + kLinks], HeapGraph::kNoNode);
    EXPECT_EQ(result.idom[2 + 2 * kLinks - 1], HeapGraph::kNoNode);
}

TEST(Dominators, ofADoublyLinkedListWithAHeadAndATailAreNoNodes) {
    constexpr std::uint32_t kLong = 200'000;
    std::vector<std::vector<std::uint32_t>> references(kLong);
    for (std::uint32_t node = 0; node < kLong; ++node) {
        if (node + 1 < kLong) {
            references[node].push_back(node + 1);
        }
        if (node > 0) {
            references[node].push_back(node - 1);
        }
    }
    EXPECT_THAT(idoms(makeGraph(references, {0, kLong - 1})), testing::Each(kNone));
}

TEST(Dominators, ofAWideStarIsItsMiddle) {
    constexpr std::uint32_t kWide = 500'000;
    std::vector<std::vector<std::uint32_t>> references(kWide);
    for (std::uint32_t node = 1; node < kWide; ++node) {
        references[0].push_back(node);
        references[node] = {0};
    }
    const auto result = idoms(makeGraph(references, {0}));
    EXPECT_EQ(result[0], kNone);
    EXPECT_THAT(std::vector(result.begin() + 1, result.end()), testing::Each(0));
}

TEST(Dominators, canBeCancelled) {
    std::vector<std::vector<std::uint32_t>> references(200'000);
    for (std::uint32_t node = 0; node + 1 < references.size(); ++node) {
        references[node] = {node + 1};
    }
    const std::atomic<bool> cancelled = true;
    const auto result = computeDominators(makeGraph(references, {0}), &cancelled);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Cancelled);
}

} // namespace
} // namespace firstchance
