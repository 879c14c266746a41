#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/native_block.h"

namespace firstchance {

//! \brief Says which block an arbitrary word points into. Nearly all words point into none, and are told by
//! one look at a table of pages that fits a cache.
class BlockIndex {
public:
    static constexpr std::uint32_t kNone = UINT32_MAX;

    //! \brief \p blocks: sorted, without overlap; they must outlive this.
    explicit BlockIndex(std::span<const NativeBlock> blocks);

    //! \brief Number of the block that \p word is an address in; kNone if it is in none.
    [[nodiscard]] std::uint32_t find(std::uint64_t word) const {
        if (word - least_ >= size_) {
            return kNone;
        }
        const std::size_t bit = bitOf(word >> kPageBits);
        const bool small = ((pages_[bit / 64] >> (bit % 64)) & 1U) != 0;
        return small || isInLarge(word) ? search(word) : kNone;
    }

private:
    static constexpr unsigned kPageBits = 12;
    //! \brief Larger blocks have no bits: their pages would fill the table.
    static constexpr std::uint64_t kLarge = 16U << 20U;

    [[nodiscard]] std::size_t bitOf(std::uint64_t page) const {
        return static_cast<std::size_t>(page * 0x9E3779B97F4A7C15ULL >> shift_);
    }
    [[nodiscard]] bool isInLarge(std::uint64_t word) const {
        return std::any_of(large_.begin(), large_.end(),
                           [&](const AddressRange& range) { return range.contains(Address(word)); });
    }
    [[nodiscard]] std::uint32_t search(std::uint64_t word) const;

    std::span<const NativeBlock> blocks_;
    std::uint64_t least_ = 0;
    std::uint64_t size_ = 0; //!< from the first block's begin to the last one's end
    unsigned shift_ = 48;
    std::vector<std::uint64_t> pages_;
    std::vector<AddressRange> large_;
};

} // namespace firstchance
