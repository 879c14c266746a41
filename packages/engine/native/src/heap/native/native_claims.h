#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/native_block.h"

namespace firstchance {

//! \brief Memory of a block that got an owner.
struct OwnedPiece {
    AddressRange range;
    NativeKind kind;
    std::uint32_t node;
    std::uint8_t depth;
};

//! \brief Gives each block to the object that is nearest to it, level by level: all claims of one level, then
//! settle().
//!
//! Of claims of one level that to the lowest place in the block counts, then that of the object whose type
//! has the lower rank, then that of the lower node: the same in every reading of a process. A mapping may be
//! several things that the kernel joined, so that each claim to a page's begin begins a piece of its own.
class NativeClaims {
public:
    //! \brief \p rankOfType: see rankTypes(). All must outlive this.
    NativeClaims(std::span<const NativeBlock> blocks, std::span<const std::uint32_t> typeOfNode,
                 std::span<const std::uint32_t> rankOfType);

    //! \brief \p node points to \p word, which lies in \p block, over \p depth blocks, this one included.
    void claim(std::uint64_t word, std::uint32_t block, std::uint32_t node, std::uint8_t depth);
    //! \brief Ends a level; what got an owner in it, by address.
    [[nodiscard]] std::vector<OwnedPiece> settle();

    //! \brief Whether a pointer says little: into the middle of a block point also the words that are left
    //! over from what lay there before.
    [[nodiscard]] bool isWeak(std::uint64_t word, std::uint32_t block) const;
    //! \brief Remembers a claim for recall(): of a block of malloc only that of the lowest rank.
    void defer(std::uint64_t word, std::uint32_t block, std::uint32_t node, std::uint8_t depth);
    //! \brief Claims what was deferred for nodes whose type has a rank below \p end, and has no owner yet.
    void recall(std::uint32_t end);

    //! \brief There is no memory for more claims: some were dropped.
    [[nodiscard]] bool overflowed() const { return overflowed_; }

private:
    static constexpr std::uint32_t kNoNode = UINT32_MAX;
    static constexpr std::uint32_t kSettled = UINT32_MAX - 1;
    static constexpr std::size_t kMostHits = 8U << 20U;

    //! \brief Into a mapping.
    struct Hit {
        std::uint64_t word;
        std::uint32_t block;
        std::uint32_t node;
        std::uint8_t depth;
    };
    //! \brief Into a block of malloc.
    struct Best {
        std::uint32_t node = kNoNode;
        std::uint32_t offset = 0;
        std::uint8_t depth = 0;
    };

    [[nodiscard]] std::uint32_t rankOf(std::uint32_t node) const { return rankOfType_[typeOfNode_[node]]; }
    [[nodiscard]] bool isBefore(std::uint32_t one, std::uint32_t other) const;
    [[nodiscard]] std::uint32_t offsetOf(std::uint64_t word, std::uint32_t block) const;
    void addHit(std::vector<Hit>& hits, const Hit& hit);
    void settleMapping(std::span<const Hit> hits, std::vector<OwnedPiece>& owned);
    void split(const AddressRange& free, NativeKind kind, std::span<const Hit> hits,
               std::vector<AddressRange>& left, std::vector<OwnedPiece>& owned) const;

    std::span<const NativeBlock> blocks_;
    std::span<const std::uint32_t> typeOfNode_;
    std::span<const std::uint32_t> rankOfType_;
    std::vector<Best> best_;               //!< by block
    std::vector<Best> deferred_;           //!< by block
    std::vector<std::uint32_t> thisLevel_; //!< blocks of malloc claimed first in this level
    std::vector<Hit> hits_;                //!< of this level
    std::vector<Hit> deferredHits_;
    std::unordered_map<std::uint32_t, std::vector<AddressRange>>
        free_; //!< parts of mappings without an owner
    bool overflowed_ = false;
};

} // namespace firstchance
