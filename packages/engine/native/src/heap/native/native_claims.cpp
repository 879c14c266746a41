#include "heap/native/native_claims.h"

#include <algorithm>
#include <tuple>

namespace firstchance {
namespace {

constexpr std::uint64_t kPage = 4096;

} // namespace

NativeClaims::NativeClaims(std::span<const NativeBlock> blocks, std::span<const std::uint32_t> typeOfNode,
                           std::span<const std::uint32_t> rankOfType)
    : blocks_(blocks), typeOfNode_(typeOfNode), rankOfType_(rankOfType), best_(blocks.size()) {}

bool NativeClaims::isBefore(std::uint32_t one, std::uint32_t other) const {
    return std::pair(rankOfType_[typeOfNode_[one]], one) < std::pair(rankOfType_[typeOfNode_[other]], other);
}

void NativeClaims::claim(std::uint64_t word, std::uint32_t block, std::uint32_t node) {
    Best& best = best_[block];
    if (best.node == kSettled) {
        return;
    }
    if (blocks_[block].kind != NativeKind::Malloc) {
        if (hits_.size() >= kMostHits) {
            overflowed_ = true;
        } else if (hits_.empty() || hits_.back().word != word || hits_.back().node != node) {
            hits_.push_back({word, block, node});
        }
        return;
    }
    const auto offset = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(word - blocks_[block].range.begin.value(), UINT32_MAX));
    if (best.node == kNoNode) {
        thisLevel_.push_back(block);
        best = {node, offset};
    } else if (offset < best.offset || (offset == best.offset && isBefore(node, best.node))) {
        best = {node, offset};
    }
}

std::vector<OwnedPiece> NativeClaims::settle(std::uint8_t depth) {
    std::vector<OwnedPiece> owned;
    owned.reserve(thisLevel_.size());
    for (const std::uint32_t block : thisLevel_) {
        owned.push_back({blocks_[block].range, blocks_[block].kind, best_[block].node, depth});
        best_[block].node = kSettled;
    }
    thisLevel_.clear();
    std::sort(hits_.begin(), hits_.end(), [&](const Hit& a, const Hit& b) {
        return a.word != b.word ? a.word < b.word : isBefore(a.node, b.node);
    });
    for (std::size_t begin = 0; begin < hits_.size();) {
        std::size_t end = begin;
        while (end < hits_.size() && hits_[end].block == hits_[begin].block) {
            ++end;
        }
        settleMapping(std::span(hits_).subspan(begin, end - begin), depth, owned);
        begin = end;
    }
    hits_.clear();
    std::sort(owned.begin(), owned.end(),
              [](const OwnedPiece& a, const OwnedPiece& b) { return a.range.begin < b.range.begin; });
    return owned;
}

void NativeClaims::settleMapping(std::span<const Hit> hits, std::uint8_t depth,
                                 std::vector<OwnedPiece>& owned) {
    const std::uint32_t block = hits.front().block;
    const auto [known, isNew] = free_.try_emplace(block);
    if (isNew) {
        known->second.push_back(blocks_[block].range);
    }
    std::vector<AddressRange> left;
    auto first = hits.begin();
    for (const AddressRange& free : known->second) {
        first =
            std::find_if(first, hits.end(), [&](const Hit& hit) { return hit.word >= free.begin.value(); });
        const auto last =
            std::find_if(first, hits.end(), [&](const Hit& hit) { return hit.word >= free.end.value(); });
        split(free, std::span(first, last), depth, left, owned);
        first = last;
    }
    if (left.empty()) {
        best_[block].node = kSettled;
    }
    known->second = std::move(left);
}

//! What lies before the first border belongs to a claim into its middle, or stays free.
void NativeClaims::split(const AddressRange& free, std::span<const Hit> hits, std::uint8_t depth,
                         std::vector<AddressRange>& left, std::vector<OwnedPiece>& owned) const {
    const NativeKind kind = hits.empty() ? NativeKind::Anonymous : blocks_[hits.front().block].kind;
    AddressRange piece{free.begin, free.end};
    const Hit* owner = nullptr;
    const auto close = [&](Address end) {
        piece.end = end;
        if (owner != nullptr && !piece.empty()) {
            owned.push_back({piece, kind, owner->node, depth});
        } else if (!piece.empty()) {
            left.push_back(piece);
        }
    };
    for (const Hit& hit : hits) {
        if (hit.word % kPage != 0) {
            owner = owner == nullptr ? &hit : owner;
        } else if (owner == nullptr || owner->word != hit.word) {
            close(Address(hit.word));
            piece.begin = Address(hit.word);
            owner = &hit;
        }
    }
    close(free.end);
}

} // namespace firstchance
