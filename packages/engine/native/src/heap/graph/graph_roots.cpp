#include "heap/graph/graph_roots.h"

#include <algorithm>
#include <chrono>
#include <unordered_map>

#include "clr/finalizer_queue.h"
#include "clr/handles.h"
#include "clr/methods.h"
#include "clr/stack_references.h"
#include "clr/stack_words.h"
#include "clr/stacks.h"
#include "clr/static_fields.h"
#include "clr/thread_statics.h"

namespace firstchance {
namespace {

constexpr std::chrono::seconds kStackLimit{30};

struct HandleRoot {
    RootKind kind;
    const char* name;
};

HandleRoot rootOf(GcHandle::Kind kind) {
    switch (kind) {
    case GcHandle::Kind::Pinned: return {RootKind::PinnedHandle, "pinned handle"};
    case GcHandle::Kind::RefCounted: return {RootKind::RefCountedHandle, "ref-counted handle"};
    case GcHandle::Kind::AsyncPinned: return {RootKind::AsyncPinnedHandle, "async pinned handle"};
    case GcHandle::Kind::SizedRef: return {RootKind::SizedRefHandle, "sized ref handle"};
    case GcHandle::Kind::Strong:
    case GcHandle::Kind::Dependent: break;
    }
    return {RootKind::StrongHandle, "strong handle"};
}

class RootReader {
public:
    RootReader(Dac& dac, const GraphOptions& options) : dac_(dac), options_(options) {
        result_.names.emplace_back();
    }

    RootAddresses read() {
        if (options_.rootNames) {
            addStatics();
            nameThreads();
        }
        addHandles();
        addThreadStatics();
        if (options_.stacks) {
            addStacks();
        }
        addFinalizerQueue();
        return std::move(result_);
    }

private:
    std::uint32_t nameOf(const std::string& name) {
        const auto [found, added] = numbers_.emplace(name, static_cast<std::uint32_t>(result_.names.size()));
        if (added) {
            result_.names.push_back(name);
        }
        return found->second;
    }
    void addTrouble(const std::string& why) {
        if (!why.empty()) {
            result_.why += (result_.why.empty() ? "" : "; ") + why;
        }
    }
    void nameThreads() {
        for (const ClrThread& thread : readThreads(dac_).value_or(std::vector<ClrThread>{})) {
            const std::string name = "thread " + std::to_string(thread.managedId) +
                                     (thread.name.empty() ? "" : " '" + thread.name + "'");
            threadNames_[thread.osId] = name;
            if (!thread.lastThrownObject.isNull()) {
                lastThrown_[thread.lastThrownObject.value()] = name;
            }
        }
    }
    std::string threadName(std::uint32_t osId, std::uint32_t managedId) {
        const auto known = threadNames_.find(osId);
        return known != threadNames_.end() ? known->second : "thread " + std::to_string(managedId);
    }

    void addStatics() {
        for (const StaticField& field : readStaticFields(dac_)) {
            result_.roots.push_back(
                {field.object, RootKind::Static, nameOf("static " + field.name), false, field.slot});
        }
    }
    void addHandles() {
        const GcHandles handles = readHandles(dac_);
        addTrouble(handles.why);
        for (const GcHandle& handle : handles.handles) {
            if (handle.kind == GcHandle::Kind::Dependent) {
                result_.hidden.push_back({handle.object, handle.dependent});
                continue;
            }
            const HandleRoot root = rootOf(handle.kind);
            const auto thrown = lastThrown_.find(handle.object.value());
            if (root.kind == RootKind::StrongHandle && thrown != lastThrown_.end()) {
                // The runtime's own: nobody could free it.
                const std::string name = thrown->second + "'s last exception";
                result_.roots.push_back({handle.object, RootKind::Other, nameOf(name), false, {}});
                continue;
            }
            result_.roots.push_back({handle.object, root.kind, nameOf(root.name), false, {}});
        }
        std::sort(result_.hidden.begin(), result_.hidden.end(),
                  [](const HiddenReference& a, const HiddenReference& b) {
                      return a.from != b.from ? a.from < b.from : a.to < b.to;
                  });
    }
    void addThreadStatics() {
        const ThreadStatics statics = readThreadStatics(dac_);
        addTrouble(statics.complete ? "" : statics.why);
        for (const ThreadStatics::Array& array : statics.arrays) {
            const std::string name = threadName(array.osId, array.managedId) + " statics";
            result_.roots.push_back({array.object, RootKind::ThreadStatic, nameOf(name), false, {}});
        }
    }
    void addStacks() {
        const auto end = std::chrono::steady_clock::now() + kStackLimit;
        for (const ThreadReferences& thread : readStackReferences(dac_, end)) {
            const std::string name = threadName(thread.osId, thread.managedId) + " stack";
            if (!thread.complete) {
                addTrouble("the stack of " + threadName(thread.osId, thread.managedId) +
                           " was read word by word: it may seem to hold what it no longer uses");
                addWords(thread.osId, name);
                continue;
            }
            for (const StackReference& reference : thread.references) {
                const bool named = options_.rootNames && reference.sourceIsCode;
                const std::string frame = named ? methodAt(reference.source) : "";
                std::string where = name;
                if (!frame.empty()) {
                    where.append(", ").append(frame);
                }
                result_.roots.push_back(
                    {reference.object, RootKind::Stack, nameOf(where), reference.interior, {}});
            }
        }
    }
    void addWords(std::uint32_t osId, const std::string& name) {
        for (const StackWord& word : stackWords(dac_, osId, options_.rootNames)) {
            const std::string where = word.method.empty() ? name : name + ", " + word.method;
            result_.roots.push_back({word.value, RootKind::Stack, nameOf(where), false, {}});
        }
    }
    std::string methodAt(Address code) {
        const auto [known, added] = methods_.emplace(code.value(), std::string());
        if (added) {
            ClrFrame frame;
            if (const Address method = methodDescAt(dac_, code); !method.isNull()) {
                describeMethod(dac_, method, frame);
            }
            known->second = frame.method.substr(0, frame.method.find('('));
        }
        return known->second;
    }
    void addFinalizerQueue() {
        const auto queue = readFinalizerQueue(dac_);
        addTrouble(queue ? "" : "the finalization queue could not be read");
        for (const Address object : queue.value_or(std::vector<Address>{})) {
            result_.roots.push_back(
                {object, RootKind::FinalizerQueue, nameOf("finalization queue"), false, {}});
        }
    }

    Dac& dac_;
    const GraphOptions& options_;
    RootAddresses result_;
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::unordered_map<std::uint32_t, std::string> threadNames_;
    std::unordered_map<std::uint64_t, std::string> lastThrown_; //!< threads by the exception they hold
    std::unordered_map<std::uint64_t, std::string> methods_;
};

//! \brief Node of the object that \p inside points into; kNoNode if that is free space or outside the heap.
std::uint32_t nodeContaining(const HeapGraph& graph, Address inside) {
    const std::uint32_t node = graph.index->nodeBefore(inside);
    return node != NodeIndex::kNone && inside < graph.index->addressOf(node) + graph.bytesOf(node)
               ? node
               : HeapGraph::kNoNode;
}

//! \brief A name is only given where the field's slot really lies in one of the runtime's arrays for statics.
bool isStaticSlot(const HeapGraph& graph, const GraphWalk& walk, Address slot) {
    const std::uint32_t array = nodeContaining(graph, slot);
    return array != HeapGraph::kNoNode &&
           walk.types()[graph.type[array]].references == HeapType::References::Array;
}

} // namespace

RootAddresses readRoots(Dac& dac, const GraphOptions& options) {
    return RootReader(dac, options).read();
}

void resolveRoots(const RootAddresses& roots, const GraphWalk& walk, HeapGraph& graph) {
    graph.rootNames = roots.names;
    for (const RootAddresses::Root& root : roots.roots) {
        const std::uint32_t node =
            root.interior ? nodeContaining(graph, root.object) : graph.index->nodeOf(root.object);
        // A root that leads to no object: a stale slot of a stack, or an interior pointer to native memory.
        if (node != HeapGraph::kNoNode && (root.slot.isNull() || isStaticSlot(graph, walk, root.slot))) {
            graph.roots.push_back({node, root.kind, root.name});
        }
    }
    if (walk.frozen().empty()) {
        return;
    }
    const auto name = static_cast<std::uint32_t>(graph.rootNames.size());
    graph.rootNames.emplace_back("frozen segment");
    for (const GraphWalk::NodeRange& range : walk.frozen()) {
        for (std::uint32_t node = range.begin; node < range.end; ++node) {
            graph.roots.push_back({node, RootKind::Frozen, name});
        }
    }
}

} // namespace firstchance
