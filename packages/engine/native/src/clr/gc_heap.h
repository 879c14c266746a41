#pragma once

#include <cstdint>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief One segment or region of the GC heap.
struct GcSegment {
    AddressRange objects;   //!< [first object, end of the last one); the ephemeral segment ends at the heap's
                            //!< allocation pointer
    AddressRange committed; //!< memory committed for it
    int generation = 0;     //!< 0, 1, 2; 3 large objects, 4 pinned objects, 5 frozen (literals, types)
    std::uint32_t heap = 0; //!< server GC: index of the heap
    bool frozen = false;    //!< read-only: everything in it lives as long as the process
};

//! \brief More heaps than any server GC makes: what is above is no count.
inline constexpr std::uint32_t kMostHeaps = 4096;

//! \brief What must be known to walk the GC heap from memory alone.
struct GcHeap {
    bool server = false;
    bool structuresValid = false; //!< false: a GC was under way, objects cannot be walked
    std::uint32_t heapCount = 1;
    std::vector<GcSegment> segments; //!< sorted by objects.begin
    std::vector<AddressRange>
        allocationContexts; //!< [pointer, limit): handed out to a thread, no objects there yet
    Address freeType;       //!< MethodTable of free space
    Address stringType;     //!< MethodTable of System.String
    Address counterAddress; //!< see findGcCounter(); null if not found

    [[nodiscard]] std::uint64_t objectBytes() const;    //!< of the parts that objects can lie in
    [[nodiscard]] std::uint64_t committedBytes() const; //!< of memory committed for it
};

//! \brief Reads it through the DAC; 1-3 ms for 540 segments.
[[nodiscard]] Result<GcHeap> readGcHeap(Dac& dac);

//! \brief Address of the runtime's 4-byte counter that is not 0 while a GC changes the heap. The same for the
//! whole life of the process, so it may be looked up while the target runs.
[[nodiscard]] Result<Address> findGcCounter(Dac& dac);

} // namespace firstchance
