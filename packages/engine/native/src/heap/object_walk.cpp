#include "heap/object_walk.h"

#include <algorithm>

namespace firstchance {
namespace {

constexpr std::uint64_t kSmallestObject = 24;
constexpr std::uint64_t kMarkBits = 7; //!< the GC's own bits in the MethodTable pointer
constexpr std::uint32_t kHasComponentSize = 0x80000000;
constexpr std::uint32_t kLargestBaseSize = 0x10000000;
constexpr std::size_t kMostTypes = 4'000'000;
constexpr std::uint64_t kCancelInterval = 1U << 16U;

} // namespace

ObjectWalk::ObjectWalk(const ProcessImage& image, const GcHeap& heap)
    : image_(image), heap_(heap), window_(image), contexts_(heap.allocationContexts) {
    std::sort(contexts_.begin(), contexts_.end(),
              [](const AddressRange& a, const AddressRange& b) { return a.begin < b.begin; });
}

WalkedType& ObjectWalk::typeOf(std::uint64_t methodTable) {
    if (const auto known = types_.find(methodTable); known != types_.end()) {
        return known->second;
    }
    struct Start {
        std::uint32_t flags, baseSize;
    };
    WalkedType type;
    const auto start = methodTable != 0 && types_.size() < kMostTypes
                           ? image_.readValue<Start>(Address(methodTable))
                           : std::nullopt;
    if (start && start->baseSize >= 16 && start->baseSize <= kLargestBaseSize) {
        type.valid = true;
        type.baseSize = start->baseSize;
        type.componentSize = (start->flags & kHasComponentSize) != 0 ? start->flags & 0xFFFFU : 0;
    }
    return types_.emplace(methodTable, type).first->second;
}

bool ObjectWalk::walkSegment(const GcSegment& segment, const std::atomic<bool>* cancelled,
                             const Visitor* visitor) {
    Address at = segment.objects.begin;
    const Address end = segment.objects.end;
    auto context =
        std::lower_bound(contexts_.begin(), contexts_.end(), at,
                         [](const AddressRange& range, Address address) { return range.begin < address; });
    std::uint64_t lastTable = 0;
    WalkedType* type = nullptr;
    for (std::uint64_t count = 0; at + kSmallestObject <= end; ++count) {
        if (count % kCancelInterval == 0 && cancelled != nullptr && *cancelled) {
            return false;
        }
        while (context != contexts_.end() && context->begin < at) {
            ++context;
        }
        if (context != contexts_.end() && context->begin == at) {
            // The allocator keeps room for a smallest object behind the limit, to fill the rest when it moves
            // on.
            at = context->end + kSmallestObject;
            continue;
        }
        const SegmentWindow::ObjectStart start = window_.at(at, end);
        const std::uint64_t table = start.methodTable & ~kMarkBits;
        if (table != lastTable || type == nullptr) {
            type = &typeOf(table);
            lastTable = table;
        }
        const std::uint64_t size = std::max(
            kSmallestObject,
            (type->baseSize + std::uint64_t{type->componentSize} * start.length + 7) & ~std::uint64_t{7});
        if (!type->valid || size > end - at) {
            holes_ += 1;
            skippedBytes_ += end - at;
            if (firstHole_.isNull()) {
                firstHole_ = at;
            }
            return true;
        }
        type->instances += 1;
        type->bytes += size;
        if (visitor != nullptr) {
            (*visitor)(at, Address(table));
        }
        at += size;
    }
    return true;
}

bool ObjectWalk::run(const std::atomic<bool>* cancelled, const Visitor* visitor) {
    for (const GcSegment& segment : heap_.segments) {
        if (!walkSegment(segment, cancelled, visitor)) {
            return false;
        }
    }
    return true;
}

} // namespace firstchance
