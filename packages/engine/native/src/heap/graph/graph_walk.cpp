#include "heap/graph/graph_walk.h"

#include <algorithm>
#include <cstring>

#include "clr/loader_allocators.h"
#include "clr/type_names.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kSmallestObject = 24;

std::uint64_t usedBytes(const GcHeap& heap) {
    std::uint64_t bytes = 0;
    for (const GcSegment& segment : heap.segments) {
        bytes += segment.objects.size();
    }
    return bytes;
}

} // namespace

GraphWalk::GraphWalk(Dac& dac, const GcHeap& heap, const GraphOptions& options,
                     const std::vector<HiddenReference>& hidden)
    : dac_(dac), heap_(heap), options_(options), hidden_(hidden), types_(dac.image(), heap.freeType),
      walk_(dac.image(), heap, types_, [&dac](Address address) { return isMethodTable(dac, address); }),
      everyTypeAsked_(dac.runtime().version.starts_with("8.")) {}

tl::unexpected<Error> GraphWalk::tooLarge(const std::string& why) const {
    return fail({ErrorCode::Unsupported,
                 "Building the heap graph of process " + std::to_string(dac_.image().pid()), why,
                 "Its objects can still be counted.", 0});
}

void GraphWalk::addReference(std::uint64_t target) {
    if (target == 0) {
        return;
    }
    const std::uint32_t place = index_->placeOf(target);
    if (place == NodeIndex::kNone) {
        dangling_ += 1; // no address of this heap
        return;
    }
    graph_->edges.push(place);
}

//! Most of the walk's own time. Whether a reference is null nobody can predict: each is written down, and
//! written over by the next one if it was none. The array has room for one more.
void GraphWalk::addReferences(const std::byte* from, std::uint64_t count) {
    const NodeIndex& index = *index_;
    BigArray<std::uint32_t>& edges = graph_->edges;
    std::uint32_t* next = edges.data() + edges.size();
    std::uint64_t dangling = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        std::uint64_t target = 0;
        std::memcpy(&target, from + 8 * i, sizeof target);
        const std::uint32_t place = index.placeOf(target);
        const bool inHeap = place != NodeIndex::kNone;
        *next = place;
        next += inHeap ? 1 : 0;
        dangling += !inHeap && target != 0 ? 1 : 0;
    }
    dangling_ += dangling;
    edges.resize(static_cast<std::size_t>(next - edges.data()));
    full_ = edges.size() > options_.maxEdges;
}

void GraphWalk::readFields(const WalkedObject& object, const HeapType& type, Address end) {
    const std::byte* bytes = walk_.window().at(object.address, object.size, end);
    for (const HeapTypes::Run& run : types_.runs(type)) {
        addReferences(bytes + run.offset, run.count);
    }
}

void GraphWalk::readElements(const WalkedObject& object, const HeapType& type, Address end) {
    for (const HeapTypes::Run& run : types_.runs(type)) {
        Address at = object.address + run.offset;
        const Address stop = object.address + type.unalignedSize(object.length) - run.count;
        while (at + 8 <= stop && !full_) {
            const std::uint64_t size =
                std::min<std::uint64_t>(stop - at, MemoryWindow::kSize) & ~std::uint64_t{7};
            addReferences(walk_.window().at(at, size, end), size / 8);
            at += size;
        }
    }
}

void GraphWalk::readStructs(const WalkedObject& object, const HeapType& type, Address end) {
    const auto runs = types_.runs(type);
    Address at = object.address + type.elementsOffset;
    for (std::uint32_t i = 0; i < object.length && !full_; ++i) {
        const std::byte* element = walk_.window().at(at, type.componentSize, end);
        for (const HeapTypes::Run& run : runs) {
            addReferences(element, run.count);
            element += 8 * std::uint64_t{run.count} + run.offset;
        }
        at += type.componentSize;
    }
}

void GraphWalk::addHidden(Address object) {
    for (; nextHidden_ < hidden_.size() && hidden_[nextHidden_].from <= object; ++nextHidden_) {
        if (hidden_[nextHidden_].from == object) {
            addReference(hidden_[nextHidden_].to.value());
        } else {
            dangling_ += 1; // a key where no object begins
        }
    }
}

Address GraphWalk::loaderAllocatorOf(std::uint32_t type) {
    while (loaderAllocators_.size() <= type) {
        const HeapType& one = types_[static_cast<std::uint32_t>(loaderAllocators_.size())];
        const bool ask = !one.isFree && (one.collectibleFlag || everyTypeAsked_);
        loaderAllocators_.push_back(ask ? loaderAllocator(dac_, one.methodTable) : Address());
    }
    return loaderAllocators_[type];
}

bool GraphWalk::visit(const WalkedObject& object, Address end) {
    const HeapType& type = types_[object.type];
    if (type.isFree) {
        return true;
    }
    if (graph_->type.size() == options_.maxNodes) {
        full_ = true;
        return false;
    }
    index_->add(index_->placeOf(object.address.value()));
    graph_->type.push(object.type);
    graph_->size8.push(static_cast<std::uint32_t>(object.size / 8));
    graph_->firstEdge.push(static_cast<std::uint32_t>(graph_->edges.size()));
    switch (type.references) {
    case HeapType::References::None: break;
    case HeapType::References::Fixed: readFields(object, type, end); break;
    case HeapType::References::Array: readElements(object, type, end); break;
    case HeapType::References::StructArray: readStructs(object, type, end); break;
    }
    if (object.type >= loaderAllocators_.size() || !loaderAllocators_[object.type].isNull()) {
        addReference(loaderAllocatorOf(object.type).value());
    }
    if (nextHidden_ < hidden_.size() && hidden_[nextHidden_].from <= object.address) {
        addHidden(object.address);
    }
    return !full_;
}

Result<void> GraphWalk::run(HeapGraph& graph) {
    graph_ = &graph;
    auto index = NodeIndex::create(heap_.segments);
    if (!index) {
        return tooLarge("its managed heap takes more than the 32 GB a graph can address");
    }
    index_ = std::make_shared<NodeIndex>(std::move(*index));
    const std::uint64_t bytes = usedBytes(heap_);
    const std::uint64_t nodes = std::min<std::uint64_t>(bytes / kSmallestObject, options_.maxNodes);
    // A check follows each window of references, so this many may be written behind the limit.
    const std::uint64_t beyond = MemoryWindow::kSize / 8 + hidden_.size() + 2 * std::uint64_t{65536};
    const std::uint64_t edges =
        std::min<std::uint64_t>(bytes / 8 + nodes + hidden_.size(), options_.maxEdges);
    graph.type = BigArray<std::uint32_t>(nodes + 1);
    graph.size8 = BigArray<std::uint32_t>(nodes + 1);
    graph.firstEdge = BigArray<std::uint32_t>(nodes + 2);
    graph.edges = BigArray<std::uint32_t>(edges + beyond);
    for (const GcSegment& segment : heap_.segments) {
        const auto first = static_cast<std::uint32_t>(graph.type.size());
        const Address end = segment.objects.end;
        if (!walk_.run(segment, options_.cancelled,
                       [&](const WalkedObject& object) { return visit(object, end); })) {
            if (full_) {
                return tooLarge("it has more than " + std::to_string(options_.maxNodes) + " objects or " +
                                std::to_string(options_.maxEdges) + " references");
            }
            return fail({ErrorCode::Cancelled,
                         "Building the heap graph of process " + std::to_string(dac_.image().pid()),
                         "it was cancelled", "", 0});
        }
        if (segment.frozen) {
            frozen_.push_back({first, static_cast<std::uint32_t>(graph.type.size())});
        }
    }
    dangling_ += hidden_.size() - nextHidden_;
    graph.firstEdge.push(static_cast<std::uint32_t>(graph.edges.size()));
    static_cast<void>(index_->seal());
    resolve();
    graph.index = index_;
    return {};
}

void GraphWalk::resolve() {
    constexpr std::size_t kAhead = 24;
    std::uint32_t* edges = graph_->edges.data();
    const std::size_t count = graph_->edges.size();
    std::uint64_t dangling = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (i + kAhead < count) {
            index_->prefetch(edges[i + kAhead]);
        }
        edges[i] = index_->nodeAt(edges[i]);
        dangling += edges[i] == NodeIndex::kNone ? 1 : 0;
    }
    dangling_ += dangling;
    if (dangling > 0) {
        dropDangling();
    }
}

void GraphWalk::dropDangling() {
    std::uint32_t kept = 0;
    std::uint32_t begin = 0;
    for (std::uint32_t node = 0; node < graph_->size(); ++node) {
        const std::uint32_t end = graph_->firstEdge[node + 1];
        graph_->firstEdge[node] = kept;
        for (std::uint32_t i = begin; i < end; ++i) {
            if (graph_->edges[i] != NodeIndex::kNone) {
                graph_->edges[kept++] = graph_->edges[i];
            }
        }
        begin = end;
    }
    graph_->firstEdge[graph_->size()] = kept;
    graph_->edges.resize(kept);
}

} // namespace firstchance
