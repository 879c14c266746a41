#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/address.h"
#include "base/big_array.h"
#include "clr/gc_heap.h"

namespace firstchance {

//! \brief Numbers the objects of a heap in address order without a table of them: one bit per 8 bytes of heap
//! and the number of bits before each word (2.4 % of the heap's size).
//!
//! Objects lie in chunks of 1 MB of the address space; only chunks with segments in them have bits. A place
//! in the heap is its bit's number, 32 bits: up to 32 GB of chunks.
class NodeIndex {
public:
    static constexpr std::uint32_t kNone = UINT32_MAX;

    //! \brief Nothing if the segments take more than 32 GB of chunks.
    [[nodiscard]] static std::optional<NodeIndex> create(std::span<const GcSegment> segments);

    //! \brief Bit number of an address in a chunk; kNone elsewhere.
    [[nodiscard]] std::uint32_t placeOf(std::uint64_t address) const {
        const std::uint64_t chunk = (address - base_) >> kChunkBits;
        if (chunk >= chunks_.size() || chunks_[chunk] == 0) {
            return kNone;
        }
        const auto offset = static_cast<std::uint32_t>(address & (kChunkSize - 1));
        return ((chunks_[chunk] - 1) << kPlaceBits) | (offset >> 3U);
    }
    //! \brief Says that an object begins at \p place.
    void add(std::uint32_t place) { bits_[place / 64] |= std::uint64_t{1} << (place % 64); }
    //! \brief Counts: after it the nodes are known. The number of nodes.
    std::uint64_t seal();

    //! \brief Node of the object that begins at \p place; kNone if none does.
    [[nodiscard]] std::uint32_t nodeAt(std::uint32_t place) const {
        const std::uint64_t word = bits_[place / 64];
        const std::uint64_t bit = std::uint64_t{1} << (place % 64);
        if ((word & bit) == 0) {
            return kNone;
        }
        return ranks_[place / 64] + bitsOf(word & (bit - 1));
    }
    [[nodiscard]] std::uint32_t nodeOf(Address object) const {
        const std::uint32_t place = object.value() % 8 == 0 ? placeOf(object.value()) : kNone;
        return place == kNone ? kNone : nodeAt(place);
    }
    //! \brief The last object that begins at or before \p inside in its chunk or one before; kNone if none.
    //! Whether \p inside lies in it the caller must see from its size.
    [[nodiscard]] std::uint32_t nodeBefore(Address inside) const;
    //! \brief Reads the word \p place needs ahead of time.
    void prefetch(std::uint32_t place) const {
        __builtin_prefetch(&bits_[place / 64]);
        __builtin_prefetch(&ranks_[place / 64]);
    }
    //! \brief Address of \p node; it must be less than what seal() returned.
    [[nodiscard]] Address addressOf(std::uint32_t node) const;
    //! \brief Addresses of all nodes.
    void fillAddresses(BigArray<std::uint64_t>& addresses) const;

private:
    static constexpr unsigned kChunkBits = 20;
    static constexpr std::uint64_t kChunkSize = std::uint64_t{1} << kChunkBits;
    static constexpr unsigned kPlaceBits = kChunkBits - 3;
    static constexpr std::uint64_t kMostChunks = std::uint64_t{1} << (32 - kPlaceBits);

    //! \brief Number of set bits. Without a processor's own instruction, which the oldest machines we run on
    //! lack, std::popcount is a call with a table.
    [[nodiscard]] static std::uint32_t bitsOf(std::uint64_t word) {
        word -= (word >> 1U) & 0x5555555555555555U;
        word = (word & 0x3333333333333333U) + ((word >> 2U) & 0x3333333333333333U);
        word = (word + (word >> 4U)) & 0x0F0F0F0F0F0F0F0FU;
        return static_cast<std::uint32_t>(word * 0x0101010101010101U >> 56U);
    }
    [[nodiscard]] Address addressOfPlace(std::uint64_t place) const {
        return starts_[place >> kPlaceBits] + ((place & ((std::uint64_t{1} << kPlaceBits) - 1)) << 3U);
    }

    std::uint64_t base_ = 0;
    std::vector<std::uint32_t> chunks_; //!< of the address space from base_: number + 1, 0 without bits
    std::vector<Address> starts_;       //!< by number
    BigArray<std::uint64_t> bits_;
    BigArray<std::uint32_t> ranks_;
    std::uint64_t nodes_ = 0;
};

} // namespace firstchance
