#include "heap/segment_walk.h"

#include <algorithm>

namespace firstchance {

std::string WalkHoles::describe() const {
    if (holes == 0) {
        return {};
    }
    return std::to_string(holes) + (holes == 1 ? " part" : " parts") + " of the heap with " +
           std::to_string(bytes) + " bytes could not be walked: no object at " +
           std::to_string(first.value()) +
           ". A thread was just allocating there, or memory is corrupt or missing.";
}

SegmentWalk::SegmentWalk(const ProcessImage& image, const GcHeap& heap, IsType isType)
    : types_(image, heap.freeType), window_(image), contexts_(heap.allocationContexts),
      isType_(std::move(isType)) {
    std::sort(contexts_.begin(), contexts_.end(),
              [](const AddressRange& a, const AddressRange& b) { return a.begin < b.begin; });
}

//! \brief Makes the first context at or behind \p at the next one; its begin.
Address SegmentWalk::skipContext(Address at) {
    const auto next =
        std::lower_bound(contexts_.begin() + static_cast<std::ptrdiff_t>(nextContext_), contexts_.end(), at,
                         [](const AddressRange& range, Address address) { return range.begin < address; });
    nextContext_ = static_cast<std::size_t>(next - contexts_.begin());
    return next == contexts_.end() ? Address(UINT64_MAX) : next->begin;
}

//! \brief True of types met before, and of what is confirmed to be one.
bool SegmentWalk::isType(std::uint64_t methodTable) {
    constexpr std::size_t kMostQuestions = 100'000;
    constexpr std::uint64_t kSmallestAddress = 65536;
    if (types_.isKnown(methodTable)) {
        return true;
    }
    if (!isType_ || methodTable < kSmallestAddress || methodTable % 8 != 0) {
        return false;
    }
    if (const auto known = asked_.find(methodTable); known != asked_.end()) {
        return known->second;
    }
    return asked_.size() < kMostQuestions &&
           asked_.emplace(methodTable, isType_(Address(methodTable))).first->second;
}

//! \brief A word that happens to be a MethodTable is no object yet; three in a row are.
bool SegmentWalk::startsChain(Address at, Address end) {
    constexpr int kLinks = 3;
    for (int link = 0; link < kLinks && at + kSmallestObject <= end; ++link) {
        const Start start = startAt(at, end);
        const std::uint32_t type =
            isType(start.methodTable) ? types_.find(start.methodTable) : HeapTypes::kNoType;
        const std::uint64_t size = type == HeapTypes::kNoType ? 0 : types_[type].size(start.length);
        if (size == 0 || size > end - at) {
            return false;
        }
        at += size;
    }
    return true;
}

//! \brief The next place where objects begin, or the beginning of an allocation context, or
//! \p end.
Address SegmentWalk::resync(Address from, Address end) {
    for (Address at = from; at + kSmallestObject <= end; at += 8) {
        const bool context = nextContext_ < contexts_.size() && contexts_[nextContext_].begin == at;
        if (context || startsChain(at, end)) {
            return at;
        }
    }
    return end;
}

} // namespace firstchance
