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

WalkHoles& WalkHoles::operator+=(const WalkHoles& other) {
    if (other.holes > 0) {
        first = holes == 0 ? other.first : std::min(first, other.first);
    }
    holes += other.holes;
    bytes += other.bytes;
    return *this;
}

SegmentWalk::SegmentWalk(const ProcessImage& image, const GcHeap& heap, HeapTypes& types, IsType isType)
    : types_(types), window_(image), contexts_(heap.allocationContexts), isType_(std::move(isType)) {
    std::sort(contexts_.begin(), contexts_.end(),
              [](const AddressRange& a, const AddressRange& b) { return a.begin < b.begin; });
}

//! \brief Makes the first context at or behind \p at the next one.
void SegmentWalk::findContext(Address at) {
    const auto next =
        std::lower_bound(contexts_.begin() + static_cast<std::ptrdiff_t>(nextContext_), contexts_.end(), at,
                         [](const AddressRange& range, Address address) { return range.begin < address; });
    nextContext_ = static_cast<std::size_t>(next - contexts_.begin());
}

//! \brief Steps over allocation contexts that begin at \p at; false at the segment's end.
bool SegmentWalk::passBarrier(Address& at) {
    for (findContext(at); nextContext_ < contexts_.size() && contexts_[nextContext_].begin == at;
         findContext(at)) {
        // The allocator keeps room for a smallest object behind the limit, to fill the rest when it moves on.
        at = contexts_[nextContext_].end + kSmallestObject;
    }
    if (at + kSmallestObject > end_) {
        return false;
    }
    barrier_ = end_ - kSmallestObject + 1;
    if (nextContext_ < contexts_.size()) {
        barrier_ = std::min(barrier_, contexts_[nextContext_].begin);
    }
    return true;
}

//! \brief There is no object at \p at; where to go on.
Address SegmentWalk::addHole(Address at) {
    const Address next = resync(at + 8);
    holes_ += {1, next - at, at};
    return next;
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
bool SegmentWalk::startsChain(Address at) {
    constexpr int kLinks = 3;
    for (int link = 0; link < kLinks && at + kSmallestObject <= end_; ++link) {
        const Start start = startAt(at);
        const std::uint64_t size =
            isType(HeapTypes::tableOf(start.word)) ? types_.entryOf(start.word).size(start.length) : 0;
        if (size == 0 || size > end_ - at) {
            return false;
        }
        at += size;
    }
    return true;
}

//! \brief The next place where objects begin, or the beginning of an allocation context, or the
//! segment's end.
Address SegmentWalk::resync(Address from) {
    for (Address at = from; at + kSmallestObject <= end_; at += 8) {
        const bool context = nextContext_ < contexts_.size() && contexts_[nextContext_].begin == at;
        if (context || startsChain(at)) {
            return at;
        }
    }
    return end_;
}

} // namespace firstchance
