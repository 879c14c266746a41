#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "base/process_image.h"
#include "clr/gc_heap.h"
#include "heap/segment_window.h"

namespace firstchance {

//! \brief What the walk must know of a type: read from its MethodTable in the target's memory, where the
//! layout of the first eight bytes is the same in .NET 5 to 10 (u32 flags, u32 base size).
struct WalkedType {
    std::uint32_t baseSize = 0;
    std::uint32_t componentSize = 0; //!< bytes per element of arrays and strings
    bool valid = false;
    std::uint64_t instances = 0;
    std::uint64_t bytes = 0;
};

//! \brief Walks all objects of the GC heap in address order, from memory alone.
class ObjectWalk {
public:
    ObjectWalk(const ProcessImage& image, const GcHeap& heap);

    //! \brief Called for each object when given; address and MethodTable.
    using Visitor = std::function<void(Address object, Address methodTable)>;

    //! \brief False when \p cancelled became true. Counts are added to types().
    [[nodiscard]] bool run(const std::atomic<bool>* cancelled, const Visitor* visitor = nullptr);

    [[nodiscard]] const std::unordered_map<std::uint64_t, WalkedType>& types() const { return types_; }
    //! \brief Places where the bytes were no object; the rest of that segment was skipped.
    [[nodiscard]] std::uint64_t holes() const { return holes_; }
    [[nodiscard]] std::uint64_t skippedBytes() const { return skippedBytes_; }
    //! \brief The first such place, for a message.
    [[nodiscard]] Address firstHole() const { return firstHole_; }

private:
    [[nodiscard]] WalkedType& typeOf(std::uint64_t methodTable);
    [[nodiscard]] bool walkSegment(const GcSegment& segment, const std::atomic<bool>* cancelled,
                                   const Visitor* visitor);

    const ProcessImage& image_;
    const GcHeap& heap_;
    SegmentWindow window_;
    std::vector<AddressRange> contexts_; //!< sorted by begin
    std::unordered_map<std::uint64_t, WalkedType> types_;
    std::uint64_t holes_ = 0;
    std::uint64_t skippedBytes_ = 0;
    Address firstHole_;
};

} // namespace firstchance
