#pragma once

#include <cstdint>
#include <vector>

#include "base/address.h"

namespace firstchance {

//! \brief The unit in which a core keeps memory, in bytes. Larger kernel pages (arm64) are multiples of it.
inline constexpr std::uint64_t kCorePage = 4096;

//! \brief The memory a core is to keep: ranges may be added in any order and may overlap.
//!
//! Memory use follows the number of separate ranges, not of calls: overlapping and adjoining ones are joined
//! as they accumulate.
class MemorySelection {
public:
    //! \brief Keeps what of \p range is mapped and readable. Empty ranges are ignored.
    void add(AddressRange range) { insert(ranges_, range); }
    //! \brief The same, by size in bytes; saturates at the end of the address space.
    void add(Address begin, std::uint64_t size);
    //! \brief Keeps \p range as one segment, from the first to the last mapped page of it, whatever lies
    //! between: pages never touched, protected or unmapped are zero-filled holes. Readers of managed heaps
    //! stop at a gap between two segments, and live objects may span pages that were never touched.
    void addWhole(AddressRange range) { insert(whole_, range); }

    //! \brief Everything added, page aligned, merged, sorted.
    [[nodiscard]] std::vector<AddressRange> ranges() const;
    //! \brief Only what addWhole() added, page aligned, merged, sorted.
    [[nodiscard]] std::vector<AddressRange> wholeRanges() const;
    //! \brief Bytes of ranges(): the upper limit of what the core's segments hold before gaps are closed.
    [[nodiscard]] std::uint64_t bytes() const;

private:
    struct RangeSet {
        std::vector<AddressRange> ranges;
        std::size_t joinAt = 1024; //!< number of ranges at which they are joined again
    };
    static void insert(RangeSet& set, AddressRange range);

    RangeSet ranges_;
    RangeSet whole_;
};

} // namespace firstchance
