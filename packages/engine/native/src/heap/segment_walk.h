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
    WalkHoles& operator+=(const WalkHoles& other);
};

//! \brief Walks the objects of the heap in address order, from memory alone: no DAC call per object.
//!
//! Where the bytes are no object (a thread was just allocating a large one, or memory is missing) it goes on
//! at the next place that starts a chain of objects, and counts the hole.
class SegmentWalk {
public:
    //! \brief Says for sure whether a MethodTable is at an address; may be slow.
    using IsType = std::function<bool(Address)>;
    SegmentWalk(const ProcessImage& image, const GcHeap& heap, HeapTypes& types, IsType isType = {});

    //! \brief Calls \p visit(const WalkedObject&) for each object, free space included; it returns false to
    //! end the walk. False when it was ended so, or when \p cancelled became true.
    template <class Visit>
    bool run(const GcSegment& segment, const std::atomic<bool>* cancelled, Visit&& visit);

    [[nodiscard]] MemoryWindow& window() { return window_; }
    [[nodiscard]] const WalkHoles& holes() const { return holes_; }

private:
    static constexpr std::uint64_t kSmallestObject = 24;
    static constexpr std::uint64_t kCancelInterval = 1U << 16U; //!< objects

    struct Start {
        std::uint64_t word; //!< HeapTypes::tableOf() it is the MethodTable
        std::uint32_t length;
        std::uint32_t padding;
    };
    [[nodiscard]] Start startAt(Address address) {
        Start start{};
        std::memcpy(&start, window_.at(address, sizeof start, end_), sizeof start);
        return start;
    }
    //! \brief Goes to the next object; false behind the last one.
    [[nodiscard]] bool next(WalkedObject& object);
    [[nodiscard]] Address resync(Address from);
    [[nodiscard]] Address addHole(Address at);
    [[nodiscard]] bool isType(std::uint64_t methodTable);
    [[nodiscard]] bool startsChain(Address at);
    [[nodiscard]] bool passBarrier(Address& at);
    void findContext(Address at);

    HeapTypes& types_;
    MemoryWindow window_;
    Address end_;                        //!< of the segment
    Address barrier_;                    //!< up to here objects follow each other: a context, or the end
    std::vector<AddressRange> contexts_; //!< sorted by begin
    std::size_t nextContext_ = 0;
    WalkHoles holes_;
    IsType isType_;
    std::unordered_map<std::uint64_t, bool> asked_; //!< answers of isType_
};

inline bool SegmentWalk::next(WalkedObject& object) {
    Address at = object.address + object.size;
    for (;;) {
        if (at >= barrier_ && !passBarrier(at)) {
            return false;
        }
        const Start start = startAt(at);
        const HeapTypes::Entry& type = types_.entryOf(start.word);
        const std::uint64_t size = type.size(start.length);
        if (size == 0 || size > end_ - at) {
            at = addHole(at);
            continue;
        }
        object = {at, size, type.number, start.length};
        return true;
    }
}

template <class Visit>
bool SegmentWalk::run(const GcSegment& segment, const std::atomic<bool>* cancelled, Visit&& visit) {
    end_ = segment.objects.end;
    nextContext_ = 0;
    barrier_ = segment.objects.begin;
    WalkedObject object{segment.objects.begin, 0, HeapTypes::kNoType, 0};
    for (std::uint64_t count = 0; next(object); ++count) {
        if ((count % kCancelInterval == 0 && cancelled != nullptr && *cancelled) ||
            !visit(static_cast<const WalkedObject&>(object))) {
            return false;
        }
    }
    return true;
}

} // namespace firstchance
