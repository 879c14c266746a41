#include "heap/native/native_claims.h"

#include <algorithm>
#include <tuple>

#include "base/page_size.h"

namespace firstchance {
namespace {

//! \brief Headers of libraries that lie before what they hand out.
constexpr std::uint32_t kNearBegin = 32;

} // namespace

NativeClaims::NativeClaims(std::span<const NativeBlock> blocks, std::span<const std::uint32_t> typeOfNode,
                           std::span<const std::uint32_t> rankOfType)
    : blocks_(blocks), typeOfNode_(typeOfNode), rankOfType_(rankOfType), best_(blocks.size()),
      deferred_(blocks.size()) {}

bool NativeClaims::isBefore(std::uint32_t one, std::uint32_t other) const {
    return std::pair(rankOf(one), one) < std::pair(rankOf(other), other);
}

std::uint32_t NativeClaims::offsetOf(std::uint64_t word, std::uint32_t block) const {
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(word - blocks_[block].range.begin.value(), UINT32_MAX));
}

bool NativeClaims::isWeak(std::uint64_t word, std::uint32_t block) const {
    return blocks_[block].kind == NativeKind::Malloc ? offsetOf(word, block) > kNearBegin
                                                     : word % kPageBytes != 0;
}

void NativeClaims::addHit(std::vector<Hit>& hits, const Hit& hit) {
    if (hits.size() >= kMostHits) {
        overflowed_ = true;
    } else if (hits.empty() || hits.back().word != hit.word || hits.back().node != hit.node) {
        hits.push_back(hit);
    }
}

void NativeClaims::claim(std::uint64_t word, std::uint32_t block, std::uint32_t node, std::uint8_t depth) {
    Best& best = best_[block];
    if (best.node == kSettled) {
        return;
    }
    if (blocks_[block].kind != NativeKind::Malloc) {
        addHit(hits_, {word, block, node, depth});
        return;
    }
    const std::uint32_t offset = offsetOf(word, block);
    if (best.node == kNoNode) {
        thisLevel_.push_back(block);
        best = {node, offset, depth};
    } else if (offset < best.offset || (offset == best.offset && isBefore(node, best.node))) {
        best = {node, offset, depth};
    }
}

void NativeClaims::defer(std::uint64_t word, std::uint32_t block, std::uint32_t node, std::uint8_t depth) {
    if (best_[block].node == kSettled) {
        return;
    }
    if (blocks_[block].kind != NativeKind::Malloc) {
        addHit(deferredHits_, {word, block, node, depth});
        return;
    }
    Best& first = deferred_[block];
    if (first.node == kNoNode || isBefore(node, first.node)) {
        first = {node, offsetOf(word, block), depth};
    }
}

void NativeClaims::recall(std::uint32_t end) {
    for (std::uint32_t block = 0; block < deferred_.size(); ++block) {
        Best& first = deferred_[block];
        if (first.node != kNoNode && rankOf(first.node) < end) {
            claim(blocks_[block].range.begin.value() + first.offset, block, first.node, first.depth);
            first.node = kNoNode;
        }
    }
    std::erase_if(deferredHits_, [&](const Hit& hit) {
        const bool mine = rankOf(hit.node) < end;
        if (mine) {
            claim(hit.word, hit.block, hit.node, hit.depth);
        }
        return mine;
    });
}

std::vector<OwnedPiece> NativeClaims::settle() {
    std::vector<OwnedPiece> owned;
    owned.reserve(thisLevel_.size());
    for (const std::uint32_t block : thisLevel_) {
        Best& best = best_[block];
        owned.push_back({blocks_[block].range, blocks_[block].kind, best.node, best.depth});
        best.node = kSettled;
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
        settleMapping(std::span(hits_).subspan(begin, end - begin), owned);
        begin = end;
    }
    hits_.clear();
    std::sort(owned.begin(), owned.end(),
              [](const OwnedPiece& a, const OwnedPiece& b) { return a.range.begin < b.range.begin; });
    return owned;
}

void NativeClaims::settleMapping(std::span<const Hit> hits, std::vector<OwnedPiece>& owned) {
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
        split(free, blocks_[block].kind, std::span(first, last), left, owned);
        first = last;
    }
    if (left.empty()) {
        best_[block].node = kSettled;
    }
    known->second = std::move(left);
}

//! What lies before the first border belongs to a claim into its middle, or stays free.
void NativeClaims::split(const AddressRange& free, NativeKind kind, std::span<const Hit> hits,
                         std::vector<AddressRange>& left, std::vector<OwnedPiece>& owned) const {
    AddressRange piece{free.begin, free.end};
    const Hit* owner = nullptr;
    const auto close = [&](Address end) {
        piece.end = end;
        if (owner != nullptr && !piece.empty()) {
            owned.push_back({piece, kind, owner->node, owner->depth});
        } else if (!piece.empty()) {
            left.push_back(piece);
        }
    };
    for (const Hit& hit : hits) {
        if (hit.word % kPageBytes != 0) {
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
