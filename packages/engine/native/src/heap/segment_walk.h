#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "clr/gc_heap.h"
#include "heap/heap_types.h"
#include "heap/memory_window.h"

namespace firstchance {

//! \brief An object the walk stands at.
struct WalkedObject {
    Address address;
    std::uint64_t size = 0;   //!< on the heap
    std::uint32_t type = 0;   //!< number in HeapTypes
    std::uint32_t length = 0; //!< of arrays and strings: elements
};

//! \brief What a walk came across that is no object.
struct WalkHoles {
    std::uint64_t holes = 0;
    std::uint64_t bytes = 0;
    Address first;

    //! \brief A sentence for people; empty when there are none.
    [[nodiscard]] std::string describe() const;
};

//! \brief Walks the objects of the heap in address order, from memory alone: no DAC call per object.
//!
//! Where the bytes are no object (a thread was just allocating a large one, or memory is missing) it goes on
//! at the next place that starts a chain of objects, and counts the hole.
class SegmentWalk {
public:
    //! \brief Says for sure whether a MethodTable is at an address; may be slow.
    using IsType = std::function<bool(Address)>;
    SegmentWalk(const ProcessImage& image, const GcHeap& heap, IsType isType = {});

    //! \brief Calls \p visit(const WalkedObject&) for each object, free space included; it returns false to
    //! end the walk. False when it was ended so, or when \p cancelled became true.
    template <class Visit>
    bool run(const GcSegment& segment, const std::atomic<bool>* cancelled, Visit&& visit);

    [[nodiscard]] HeapTypes& types() { return types_; }
    [[nodiscard]] MemoryWindow& window() { return window_; }
    [[nodiscard]] const WalkHoles& holes() const { return holes_; }

private:
    static constexpr std::uint64_t kSmallestObject = 24;
    static constexpr std::uint64_t kMarkBits = 7; //!< the GC's own bits in the MethodTable pointer
    static constexpr std::uint64_t kCancelInterval = 1U << 16U;

    struct Start {
        std::uint64_t methodTable;
        std::uint32_t length;
        std::uint32_t padding;
    };
    [[nodiscard]] Start startAt(Address address, Address end) {
        Start start{};
        std::memcpy(&start, window_.at(address, sizeof start, end), sizeof start);
        start.methodTable &= ~kMarkBits;
        return start;
    }
    [[nodiscard]] Address resync(Address from, Address end);
    [[nodiscard]] bool isType(std::uint64_t methodTable);
    [[nodiscard]] bool startsChain(Address at, Address end);
    [[nodiscard]] Address skipContext(Address at);

    HeapTypes types_;
    MemoryWindow window_;
    std::vector<AddressRange> contexts_; //!< sorted by begin
    std::size_t nextContext_ = 0;
    WalkHoles holes_;
    IsType isType_;
    std::unordered_map<std::uint64_t, bool> asked_; //!< answers of isType_
};

template <class Visit>
bool SegmentWalk::run(const GcSegment& segment, const std::atomic<bool>* cancelled, Visit&& visit) {
    WalkedObject object;
    object.address = segment.objects.begin;
    const Address end = segment.objects.end;
    nextContext_ = 0;
    Address context = skipContext(object.address);
    for (std::uint64_t count = 0; object.address + kSmallestObject <= end; ++count) {
        if (count % kCancelInterval == 0 && cancelled != nullptr && *cancelled) {
            return false;
        }
        if (object.address >= context) {
            if (object.address == context) {
                // The allocator keeps room for a smallest object behind the limit, to fill the rest when it
                // moves on.
                object.address = contexts_[nextContext_].end + kSmallestObject;
                context = skipContext(object.address);
                continue;
            }
            context = skipContext(object.address);
            continue;
        }
        const Start start = startAt(object.address, end);
        const HeapTypes::Entry& type = types_.entry(start.methodTable);
        object.type = type.number;
        object.length = start.length;
        object.size = type.size(start.length);
        if (object.size == 0 || object.size > end - object.address) {
            const Address next = resync(object.address + 8, end);
            holes_.holes += 1;
            holes_.bytes += next - object.address;
            holes_.first = holes_.first.isNull() ? object.address : holes_.first;
            object.address = next;
            continue;
        }
        if (!visit(static_cast<const WalkedObject&>(object))) {
            return false;
        }
        object.address += object.size;
    }
    return true;
}

} // namespace firstchance
