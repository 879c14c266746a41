#include "heap/native/block_index.h"

#include <bit>

namespace firstchance {

BlockIndex::BlockIndex(std::span<const NativeBlock> blocks) : blocks_(blocks) {
    constexpr unsigned kLeastBits = 16;
    constexpr unsigned kMostBits = 26;
    std::uint64_t pages = 0;
    for (const NativeBlock& block : blocks) {
        if (block.range.size() >= kLarge) {
            large_.push_back(block.range);
        } else {
            pages += (block.range.size() >> kPageBits) + 1;
        }
    }
    // Eight bits a page: one word in eight that points near a block is looked for in vain.
    const unsigned bits = std::clamp(static_cast<unsigned>(std::bit_width(8 * pages)), kLeastBits, kMostBits);
    shift_ = 64 - bits;
    pages_.resize((std::size_t{1} << bits) / 64);
    for (const NativeBlock& block : blocks) {
        if (block.range.size() == 0 || block.range.size() >= kLarge) {
            continue;
        }
        const std::uint64_t last = (block.range.end.value() - 1) >> kPageBits;
        for (std::uint64_t page = block.range.begin.value() >> kPageBits; page <= last; ++page) {
            const std::size_t bit = bitOf(page);
            pages_[bit / 64] |= std::uint64_t{1} << (bit % 64);
        }
    }
    if (!blocks.empty()) {
        least_ = blocks.front().range.begin.value();
        size_ = blocks.back().range.end.value() - least_;
    }
}

std::uint32_t BlockIndex::search(std::uint64_t word) const {
    const auto behind = std::upper_bound(
        blocks_.begin(), blocks_.end(), word,
        [](std::uint64_t value, const NativeBlock& block) { return value < block.range.begin.value(); });
    if (behind == blocks_.begin() || !std::prev(behind)->range.contains(Address(word))) {
        return kNone;
    }
    return static_cast<std::uint32_t>(behind - blocks_.begin() - 1);
}

} // namespace firstchance
