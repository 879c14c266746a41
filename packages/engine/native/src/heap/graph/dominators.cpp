#include "heap/graph/dominators.h"

#include <algorithm>
#include <string>
#include <vector>

#include "heap/graph/depth_first.h"

namespace firstchance {
namespace {

//! \brief How many numbers ahead memory is fetched: the work waits for memory, not for the processor.
constexpr std::uint32_t kNumbersAhead = 8;

bool isCancelled(std::uint32_t number, const std::atomic<bool>* cancelled) {
    return number % DepthFirstTree::kCancelInterval == 0 && cancelled != nullptr && *cancelled;
}

//! \brief The forest of the nodes whose semidominator is known: all numbers from a bound upward. Answers
//! which is the smallest semidominator on a path up to that bound, and shortens the path as it goes.
class Forest {
public:
    explicit Forest(const DepthFirstTree& tree) : links_(tree.count + std::size_t{1}) {
        for (std::uint32_t number = 1; number <= tree.count; ++number) {
            links_[number] = {tree.parent[number], number};
        }
    }

    void prefetch(std::uint32_t number) const { __builtin_prefetch(links_.data() + number); }

    void setSemidominator(std::uint32_t number, std::uint32_t semi) { links_[number].least = semi; }

    //! \brief Smallest semidominator from \p number, which is above \p bound, up to the first ancestor that
    //! is not.
    [[nodiscard]] std::uint32_t leastAbove(std::uint32_t number, std::uint32_t bound) {
        if (links_[number].ancestor > bound) {
            compress(number, bound);
        }
        return links_[number].least;
    }

private:
    struct Link {
        std::uint32_t ancestor;
        std::uint32_t least;
    };

    void compress(std::uint32_t number, std::uint32_t bound) {
        path_.clear();
        while (links_[number].ancestor > bound) {
            path_.push_back(number);
            number = links_[number].ancestor;
        }
        Link above = links_[number];
        for (auto below = path_.rbegin(); below != path_.rend(); ++below) {
            above.least = std::min(above.least, links_[*below].least);
            links_[*below] = above;
        }
    }

    BigArray<Link> links_;
    std::vector<std::uint32_t> path_;
};

void prefetchReferences(const DepthFirstTree& tree, const Forest& forest, std::uint32_t number) {
    // A reference list twice as far ahead as what it leads to.
    if (number > 2 * kNumbersAhead) {
        const std::uint32_t first = tree.firstOther[number - 2 * kNumbersAhead];
        if (first != DepthFirstTree::kRoot) {
            __builtin_prefetch(tree.otherReferences.data() + first);
        }
        const std::uint32_t second = tree.firstOther[number - kNumbersAhead];
        if (second != DepthFirstTree::kRoot && second != 0) {
            forest.prefetch(tree.otherReferences[second].from);
        }
    }
}

//! \brief Puts semidominators into \p tree.firstOther, whose lists are not needed afterwards.
bool findSemidominators(DepthFirstTree& tree, const std::atomic<bool>* cancelled) {
    Forest forest(tree);
    for (std::uint32_t number = tree.count; number > 0; --number) {
        if (isCancelled(number, cancelled)) {
            return false;
        }
        prefetchReferences(tree, forest, number);
        const std::uint32_t first = tree.firstOther[number];
        std::uint32_t semi = tree.parent[number];
        if (first == DepthFirstTree::kRoot) {
            semi = 0;
        } else {
            for (std::uint32_t index = first; index != 0; index = tree.otherReferences[index].next) {
                const std::uint32_t from = tree.otherReferences[index].from;
                semi = std::min(semi, from < number ? from : forest.leastAbove(from, number));
            }
        }
        forest.setSemidominator(number, semi);
        tree.firstOther[number] = semi;
    }
    return true;
}

//! \brief The way up in the dominator tree in logarithmic time: beside its parent each node knows one
//! ancestor further up, so that the distances grow like skew binary numbers (Myers 1983, "An applicative
//! random-access stack").
//!
//! Step by step up would be quadratic: a list of a million nodes whose values are also held by a static array
//! has a million paths of that length.
class Ladder {
public:
    Ladder(const BigArray<std::uint32_t>& parents, std::uint32_t count)
        : parents_(parents), rungs_(count + std::size_t{1}) {}

    //! \brief Adds \p number, whose parent is known and was added before.
    void add(std::uint32_t number) {
        const std::uint32_t parent = parents_[number];
        const Rung near = rungs_[parent];
        const Rung far = rungs_[near.jump];
        const bool equal = near.depth - far.depth == far.depth - rungs_[far.jump].depth;
        rungs_[number] = {equal ? far.jump : parent, near.depth + 1};
    }

    //! \brief The nearest of \p number and its ancestors that is not above \p bound: numbers only fall
    //! upward.
    [[nodiscard]] std::uint32_t firstNotAbove(std::uint32_t number, std::uint32_t bound) const {
        while (number > bound) {
            const std::uint32_t jump = rungs_[number].jump;
            number = jump >= bound ? jump : parents_[number];
        }
        return number;
    }

private:
    struct Rung {
        std::uint32_t jump;
        std::uint32_t depth;
    };
    const BigArray<std::uint32_t>& parents_;
    BigArray<Rung> rungs_; //!< [0], the root, is its own jump at depth 0
};

//! \brief Turns \p tree.parent into immediate dominators: the nearest common ancestor, in the dominator tree
//! so far, of parent and semidominator.
void findDominators(DepthFirstTree& tree) {
    BigArray<std::uint32_t>& idom = tree.parent;
    Ladder ladder(idom, tree.count);
    for (std::uint32_t number = 1; number <= tree.count; ++number) {
        idom[number] = ladder.firstNotAbove(idom[number], tree.firstOther[number]);
        ladder.add(number);
    }
}

//! \brief From numbers to nodes, with what each retains.
Dominators toNodes(const HeapGraph& graph, const DepthFirstTree& tree) {
    const BigArray<std::uint32_t>& idom = tree.parent;
    Dominators result{BigArray<std::uint32_t>(graph.size()), BigArray<std::uint64_t>(graph.size())};
    result.idom.resize(graph.size());
    result.retained.resize(graph.size());
    std::fill(result.idom.begin(), result.idom.end(), HeapGraph::kNoNode);
    for (std::uint32_t number = tree.count; number > 0; --number) {
        if (number > kNumbersAhead) {
            __builtin_prefetch(result.retained.data() + tree.nodes[number - kNumbersAhead], 1);
        }
        // All it dominates have larger numbers and have added theirs.
        const std::uint32_t node = tree.nodes[number];
        const std::uint64_t bytes = result.retained[node] += graph.bytesOf(node);
        if (idom[number] != 0) {
            const std::uint32_t dominator = tree.nodes[idom[number]];
            result.idom[node] = dominator;
            result.retained[dominator] += bytes;
        }
    }
    return result;
}

} // namespace

Result<Dominators> computeDominators(const HeapGraph& graph, const std::atomic<bool>* cancelled) {
    DepthFirstTree tree;
    if (!searchDepthFirst(graph, cancelled, tree) || !findSemidominators(tree, cancelled)) {
        return fail({ErrorCode::Cancelled,
                     "Computing the dominators of " + std::to_string(graph.size()) + " objects",
                     "it was cancelled", "", 0});
    }
    tree.otherReferences = {};
    findDominators(tree);
    tree.firstOther = {};
    return toNodes(graph, tree);
}

} // namespace firstchance
