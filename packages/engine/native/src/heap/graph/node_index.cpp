#include "heap/graph/node_index.h"

#include <algorithm>

namespace firstchance {

std::optional<NodeIndex> NodeIndex::create(std::span<const GcSegment> segments) {
    constexpr std::uint64_t kMostSpanned = std::uint64_t{1} << 28U; // chunks: 256 TB of address space
    NodeIndex index;
    Address begin(UINT64_MAX);
    Address end;
    for (const GcSegment& segment : segments) {
        begin = std::min(begin, segment.objects.begin);
        end = std::max(end, segment.objects.end);
    }
    if (end <= begin) {
        return index;
    }
    index.base_ = begin.alignDown(kChunkSize).value();
    const std::uint64_t spanned = ((end.value() - 1 - index.base_) >> kChunkBits) + 1;
    if (spanned > kMostSpanned) {
        return std::nullopt;
    }
    index.chunks_.resize(spanned);
    // The segments are sorted, so the numbers of chunks, places and nodes go up with the addresses.
    for (const GcSegment& segment : segments) {
        for (Address at = segment.objects.begin.alignDown(kChunkSize); at < segment.objects.end;
             at += kChunkSize) {
            std::uint32_t& chunk = index.chunks_[(at.value() - index.base_) >> kChunkBits];
            if (chunk == 0) {
                index.starts_.push_back(at);
                chunk = static_cast<std::uint32_t>(index.starts_.size());
            }
        }
    }
    // The last place is taken as the sign for "none".
    if (index.starts_.size() >= kMostChunks) {
        return std::nullopt;
    }
    const std::size_t words = (index.starts_.size() << kPlaceBits) / 64;
    index.bits_ = BigArray<std::uint64_t>(words);
    index.bits_.resize(words);
    index.ranks_ = BigArray<std::uint32_t>(words);
    index.ranks_.resize(words);
    return index;
}

std::uint64_t NodeIndex::seal() {
    std::uint64_t count = 0;
    for (std::size_t word = 0; word < bits_.size(); ++word) {
        ranks_[word] = static_cast<std::uint32_t>(count);
        count += bitsOf(bits_[word]);
    }
    nodes_ = count;
    return count;
}

std::uint32_t NodeIndex::nodeBefore(Address inside) const {
    const std::uint32_t place = placeOf(inside.value());
    if (place == kNone) {
        return kNone;
    }
    std::size_t word = place / 64;
    const std::uint64_t upTo = bits_[word] & (UINT64_MAX >> (63 - place % 64));
    if (upTo != 0) {
        return ranks_[word] + bitsOf(upTo) - 1;
    }
    return ranks_[word] == 0 ? kNone : ranks_[word] - 1;
}

Address NodeIndex::addressOf(std::uint32_t node) const {
    const std::uint32_t* end = ranks_.data() + ranks_.size();
    const std::uint32_t* word = std::upper_bound(ranks_.data(), end, node) - 1;
    const auto number = static_cast<std::uint64_t>(word - ranks_.data());
    std::uint64_t bits = bits_[number];
    for (std::uint32_t skip = node - *word; skip > 0; --skip) {
        bits &= bits - 1;
    }
    return addressOfPlace(number * 64 + static_cast<std::uint64_t>(std::countr_zero(bits)));
}

void NodeIndex::fillAddresses(BigArray<std::uint64_t>& addresses) const {
    addresses = BigArray<std::uint64_t>(nodes_);
    for (std::size_t word = 0; word < bits_.size(); ++word) {
        for (std::uint64_t bits = bits_[word]; bits != 0; bits &= bits - 1) {
            const std::uint64_t place = word * 64 + static_cast<std::uint64_t>(std::countr_zero(bits));
            addresses.push(addressOfPlace(place).value());
        }
    }
}

} // namespace firstchance
