#include "heap/graph/depth_first.h"

namespace firstchance {
namespace {

//! \brief References ahead whose targets are fetched: the search waits for memory, not for the processor.
constexpr std::uint32_t kReferencesAhead = 4;

class Search {
public:
    Search(const HeapGraph& graph, DepthFirstTree& tree)
        : graph_(graph), tree_(tree), edges_(graph.edges.data()), number_(graph.size()),
          cursors_(graph.size() + std::size_t{1}) {}

    [[nodiscard]] bool run(const std::atomic<bool>* cancelled) {
        for (const GraphRoot& root : graph_.roots) {
            if (number_[root.object] == 0 && !searchFrom(root.object, cancelled)) {
                return false;
            }
        }
        for (const GraphRoot& root : graph_.roots) {
            tree_.firstOther[number_[root.object]] = DepthFirstTree::kRoot;
        }
        return true;
    }

private:
    //! \brief A node whose references are being followed.
    struct Position {
        std::uint32_t number;
        std::uint32_t edge; //!< the next one to follow
        std::uint32_t end;
    };

    [[nodiscard]] Position reach(std::uint32_t node, std::uint32_t parent) {
        const std::uint32_t number = ++tree_.count;
        number_[node] = number;
        tree_.nodes[number] = node;
        tree_.parent[number] = parent;
        return {number, graph_.firstEdge[node], graph_.firstEdge[node + 1]};
    }

    void addOther(std::uint32_t to, std::uint32_t from) {
        const auto index = static_cast<std::uint32_t>(tree_.otherReferences.size());
        tree_.otherReferences.push({tree_.firstOther[to], from});
        tree_.firstOther[to] = index;
    }

    //! \brief The stack is the chain of parents; beside it only the positions in their edges are kept.
    [[nodiscard]] bool searchFrom(std::uint32_t root, const std::atomic<bool>* cancelled) {
        Position at = reach(root, 0);
        std::size_t depth = 0;
        while (true) {
            if (at.edge == at.end) {
                if (depth == 0) {
                    return true;
                }
                const std::uint32_t parent = tree_.parent[at.number];
                at = {parent, cursors_[--depth], graph_.firstEdge[tree_.nodes[parent] + 1]};
                continue;
            }
            if (at.end - at.edge > kReferencesAhead) {
                __builtin_prefetch(number_.data() + edges_[at.edge + kReferencesAhead]);
            }
            const std::uint32_t target = edges_[at.edge++];
            if (const std::uint32_t known = number_[target]; known != 0) {
                // A node's reference to itself or to the one it was reached from by again says nothing new.
                if (known != at.number && tree_.parent[known] != at.number) {
                    addOther(known, at.number);
                }
                continue;
            }
            const Position child = reach(target, at.number);
            if (child.number % DepthFirstTree::kCancelInterval == 0 && cancelled != nullptr && *cancelled) {
                return false;
            }
            if (child.edge != child.end) {
                cursors_[depth++] = at.edge;
                at = child;
            }
        }
    }

    const HeapGraph& graph_;
    DepthFirstTree& tree_;
    const std::uint32_t* edges_;
    BigArray<std::uint32_t> number_;  //!< by node, 0: not reached
    BigArray<std::uint32_t> cursors_; //!< by depth
};

} // namespace

bool searchDepthFirst(const HeapGraph& graph, const std::atomic<bool>* cancelled, DepthFirstTree& tree) {
    const std::size_t numbers = graph.size() + std::size_t{1};
    tree.nodes = BigArray<std::uint32_t>(numbers);
    tree.parent = BigArray<std::uint32_t>(numbers);
    tree.firstOther = BigArray<std::uint32_t>(numbers);
    tree.otherReferences = BigArray<DepthFirstTree::OtherReference>(graph.edges.size() + 1);
    tree.otherReferences.resize(1);
    return Search(graph, tree).run(cancelled);
}

} // namespace firstchance
