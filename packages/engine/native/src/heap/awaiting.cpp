#include "heap/awaiting.h"

#include <algorithm>
#include <map>

#include "heap/async_objects.h"
#include "heap/object_walk.h"

namespace firstchance {
namespace {

using Clock = std::chrono::steady_clock;

//! \brief The pending objects and who awaits whom, then the trees.
class AwaitingGraph {
public:
    AwaitingGraph(Dac& dac, const AwaitingLimits& limits)
        : objects_(dac), limits_(limits), end_(Clock::now() + limits.time) {}

    void visit(Address object, Address methodTable) {
        if (pending_.size() >= limits_.machines || !objects_.isInteresting(methodTable)) {
            return;
        }
        if (pending_.size() % 256 == 0 && Clock::now() > end_) {
            return;
        }
        if (auto found = objects_.read(object, methodTable)) {
            pending_.emplace(object, std::move(*found));
        }
    }

    std::vector<AsyncNode> trees() {
        linkContinuations();
        std::map<Address, bool> awaited;
        for (const auto& [address, object] : pending_) {
            for (const Address child : object.awaits) {
                awaited[child] = true;
            }
        }
        std::vector<AsyncNode> roots;
        for (const auto& [address, object] : pending_) {
            if (object.isMachine && !awaited.contains(address)) {
                roots.push_back(build(object));
            }
        }
        // What only waits in a circle has no root: start it anywhere.
        for (const auto& [address, object] : pending_) {
            if (object.isMachine && !built_.contains(address)) {
                roots.push_back(build(object));
            }
        }
        return roots;
    }

private:
    //! \brief A task knows who goes on after it; that also finds methods whose awaiter is not a task's. A
    //! state machine that is awaited itself stands for its box.
    void linkContinuations() {
        std::map<Address, Address> boxes;
        for (const auto& [address, object] : pending_) {
            if (!object.machine.isNull()) {
                boxes.emplace(object.machine, address);
            }
        }
        for (auto& [address, object] : pending_) {
            for (Address& child : object.awaits) {
                const auto box = boxes.find(child);
                child = box == boxes.end() ? child : box->second;
            }
        }
        for (const auto& [address, object] : pending_) {
            for (const Address continuation : object.continuations) {
                const auto waiter = pending_.find(continuation);
                if (waiter != pending_.end() && waiter->first != address) {
                    waiter->second.awaits.push_back(address);
                }
            }
        }
        for (auto& [address, object] : pending_) {
            std::sort(object.awaits.begin(), object.awaits.end());
            object.awaits.erase(std::unique(object.awaits.begin(), object.awaits.end()), object.awaits.end());
        }
    }

    AsyncNode build(const AsyncObject& object) {
        nodes_ += 1;
        built_[object.address] = true;
        AsyncNode node{object.method, object.module, object.modulePath, object.token, object.state, {}};
        path_.push_back(object.address);
        for (const Address child : object.awaits) {
            const bool circle = std::find(path_.begin(), path_.end(), child) != path_.end();
            if (circle || nodes_ >= limits_.nodes || path_.size() > kDeepest) {
                continue;
            }
            const auto known = pending_.find(child);
            node.awaits.push_back(build(known != pending_.end() ? known->second : objects_.leaf(child)));
        }
        path_.pop_back();
        return node;
    }

    static constexpr std::size_t kDeepest = 500; //!< recursion depth, and JSON nesting
    AsyncObjects objects_;
    AwaitingLimits limits_;
    Clock::time_point end_;
    std::map<Address, AsyncObject> pending_;
    std::map<Address, bool> built_;
    std::vector<Address> path_;
    std::size_t nodes_ = 0;
};

} // namespace

Result<std::vector<AsyncNode>> readAwaiting(Dac& dac, const GcHeap& heap, const std::atomic<bool>* cancelled,
                                            const AwaitingLimits& limits) {
    const std::string what =
        "Looking for pending async methods in process " + std::to_string(dac.image().pid());
    if (!heap.structuresValid) {
        return fail({ErrorCode::Unsupported, what,
                     "a garbage collection was under way, the heap has no order then", "Try again.", 0});
    }
    AwaitingGraph graph(dac, limits);
    const auto visit = [&](Address object, Address methodTable) { graph.visit(object, methodTable); };
    if (!visitObjects(dac.image(), heap, cancelled, visit)) {
        return fail({ErrorCode::Cancelled, what, "it was cancelled", "", 0});
    }
    return graph.trees();
}

} // namespace firstchance
