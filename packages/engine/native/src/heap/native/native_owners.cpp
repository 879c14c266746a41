#include "heap/native/native_owners.h"

#include <time.h>

#include <algorithm>
#include <cstring>
#include <tuple>

#include "heap/heap_types.h"
#include "heap/memory_window.h"
#include "heap/native/block_index.h"
#include "heap/native/native_claims.h"
#include "heap/native/owner_tiers.h"

namespace firstchance {
namespace {

using Clock = std::chrono::steady_clock;

//! \brief malloc/malloc.c: sizes before a chunk's memory, which count as in use with it.
constexpr std::uint64_t kMallocHeader = 16;
constexpr std::uint64_t kMostOfOneBlock = 16U << 20U;
constexpr std::uint64_t kMostContent = 1U << 30U;
constexpr std::size_t kLookInterval = 1024;
constexpr int kClockFactor = 5;

std::chrono::nanoseconds processorTime() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

class OwnerSearch {
public:
    OwnerSearch(const ProcessImage& image, const GcHeap& heap, const HeapGraph& graph,
                const NativeBlocks& blocks, const NativeSearchOptions& options)
        : image_(image), heap_(heap), graph_(graph), blocks_(blocks.blocks), options_(options),
          end_(Clock::now() + kClockFactor * options.limit), processorEnd_(processorTime() + options.limit),
          index_(blocks_), tiers_(ownerTiers(graph.types)), ranks_(rankTypes(graph.types, tiers_)),
          claims_(blocks_, graph.type.span(), ranks_), window_(image) {
        owners_.why = blocks.why;
    }

    NativeOwners run() {
        readObjects();
        std::array<std::vector<OwnedPiece>, kOwnerTiers> near;
        for (const OwnedPiece& piece : settle()) {
            near[tiers_[graph_.type[piece.node]]].push_back(piece);
        }
        // Behind a block the program's objects come first, and pointers to the begin of a block: by a pointer
        // that was left over somewhere, everything is reached from the runtime.
        weakToo_ = false;
        for (const auto& tier : near) {
            readOn(tier);
        }
        weakToo_ = true;
        for (std::size_t tier = 0; tier < kOwnerTiers; ++tier) {
            claims_.recall(endOfTier(tier));
            readOn(settle());
        }
        if (claims_.overflowed()) {
            addWhy("there are more pointers into mappings than can be looked at");
        }
        total();
        joinHoldings();
        return std::move(owners_);
    }

private:
    std::vector<OwnedPiece> settle() {
        std::vector<OwnedPiece> owned = claims_.settle();
        note(owned);
        return owned;
    }

    //! \brief Follows pointers to their end: a list in native memory is as deep as it is long.
    void readOn(std::vector<OwnedPiece> pieces) {
        while (!pieces.empty() && !isOver()) {
            readPieces(pieces);
            pieces = settle();
        }
    }

    //! \brief The rank that the types of the tiers up to this one lie below.
    [[nodiscard]] std::uint32_t endOfTier(std::size_t tier) const {
        return static_cast<std::uint32_t>(
            std::count_if(tiers_.begin(), tiers_.end(), [&](std::uint8_t one) { return one <= tier; }));
    }

    //! \brief Strings and arrays of less than a pointer hold no pointers, though their bytes may look so.
    [[nodiscard]] std::vector<bool> typesToRead() const {
        HeapTypes types(image_, heap_.freeType);
        std::vector<bool> wanted(graph_.types.size());
        for (std::size_t type = 0; type < wanted.size(); ++type) {
            const Address table = graph_.types[type].methodTable;
            const std::uint32_t number = types.find(table.value());
            wanted[type] = number != HeapTypes::kNoType && table != heap_.stringType &&
                           types[number].componentSize % 8 == 0;
        }
        return wanted;
    }

    void readObjects() {
        const std::vector<bool> wanted = typesToRead();
        std::uint32_t node = 0;
        for (const GcSegment& segment : heap_.segments) {
            const Address end = segment.objects.end;
            for (; node < graph_.size() && Address(graph_.addresses[node]) < end; ++node) {
                if (node % kLookInterval == 0 && isOver()) {
                    return;
                }
                if (graph_.isReachable(node) && wanted[graph_.type[node]]) {
                    // Behind the MethodTable; the last word belongs to the next object.
                    const Address object(graph_.addresses[node]);
                    weakToo_ = tiers_[graph_.type[node]] == 0;
                    read({object + 8, object + graph_.bytesOf(node) - 8}, end, node, 1);
                }
            }
        }
    }

    void readPieces(const std::vector<OwnedPiece>& pieces) {
        const Mapping* mapping = nullptr;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            const OwnedPiece& piece = pieces[i];
            if (i % kLookInterval == 0 && isOver()) {
                return;
            }
            if (piece.kind == NativeKind::Anonymous) {
                readPages(piece);
            } else if (piece.kind == NativeKind::Malloc) {
                if (mapping == nullptr || !mapping->range.contains(piece.range.begin)) {
                    mapping = image_.findMapping(piece.range.begin);
                }
                const Address end = mapping == nullptr ? piece.range.end : mapping->range.end;
                const AddressRange memory{piece.range.begin, std::min(piece.range.end + 8, end)};
                readContent({memory.begin, std::min(memory.end, memory.begin + kMostOfOneBlock)}, end, piece);
            }
        }
    }

    void readPages(const OwnedPiece& piece) {
        std::uint64_t left = kMostOfOneBlock;
        for (AddressRange pages : image_.privatePages(piece.range)) {
            pages.end = std::min(pages.end, pages.begin + left);
            left -= pages.size();
            readContent(pages, pages.end, piece);
            if (left == 0 || isOver()) {
                return;
            }
        }
    }

    void readContent(const AddressRange& range, Address end, const OwnedPiece& piece) {
        content_ += range.size();
        read(range, end, piece.node, static_cast<std::uint8_t>(std::min(piece.depth + 1, UINT8_MAX)));
    }

    //! \brief Claims for \p node what the words of \p range point to. \p end: of memory that can be read
    //! ahead.
    void read(const AddressRange& range, Address end, std::uint32_t node, std::uint8_t depth) {
        Address at = range.begin.alignUp(8);
        while (at + 8 <= range.end) {
            const std::uint64_t size =
                std::min<std::uint64_t>(range.end - at, MemoryWindow::kSize) & ~std::uint64_t{7};
            const std::byte* bytes = window_.at(at, size, end);
            for (std::uint64_t offset = 0; offset < size; offset += 8) {
                std::uint64_t word = 0;
                std::memcpy(&word, bytes + offset, sizeof word);
                const std::uint32_t block = index_.find(word);
                if (block == BlockIndex::kNone) {
                    continue;
                }
                if (weakToo_ || !claims_.isWeak(word, block)) {
                    claims_.claim(word, block, node, depth);
                } else {
                    claims_.defer(word, block, node, depth);
                }
            }
            at += size;
        }
    }

    void note(const std::vector<OwnedPiece>& owned) {
        for (const OwnedPiece& piece : owned) {
            const std::uint64_t bytes = bytesOf(piece.kind, piece.range);
            totalOf(piece.kind).heldBytes += bytes;
            owners_.holdings.push_back({piece.node, piece.kind, piece.depth, bytes});
        }
    }

    void total() {
        for (const NativeBlock& block : blocks_) {
            NativeTotal& total = totalOf(block.kind);
            total.blocks += 1;
            total.bytes += bytesOf(block.kind, block.range);
        }
    }

    [[nodiscard]] std::uint64_t bytesOf(NativeKind kind, const AddressRange& range) const {
        if (kind != NativeKind::Anonymous) {
            return range.size() + (kind == NativeKind::Malloc ? kMallocHeader : 0);
        }
        std::uint64_t bytes = 0;
        for (const AddressRange& pages : image_.privatePages(range)) {
            bytes += pages.size();
        }
        return bytes;
    }

    void joinHoldings() {
        auto& list = owners_.holdings;
        const auto keyOf = [](const NativeHolding& one) { return std::tuple(one.node, one.kind, one.depth); };
        std::sort(list.begin(), list.end(),
                  [&](const NativeHolding& a, const NativeHolding& b) { return keyOf(a) < keyOf(b); });
        std::size_t kept = 0;
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (kept > 0 && keyOf(list[kept - 1]) == keyOf(list[i])) {
                list[kept - 1].bytes += list[i].bytes;
            } else {
                list[kept++] = list[i];
            }
        }
        list.resize(kept);
    }

    [[nodiscard]] NativeTotal& totalOf(NativeKind kind) {
        return owners_.totals[static_cast<std::size_t>(kind) - 1];
    }

    [[nodiscard]] bool isOver() {
        if (over_) {
            return true;
        }
        if (options_.cancelled != nullptr && *options_.cancelled) {
            over_ = true;
            addWhy("it was cancelled");
        } else if (processorTime() >= processorEnd_ || Clock::now() >= end_) {
            over_ = true;
            addWhy("it took longer than " + std::to_string(options_.limit.count()) + " ms");
        } else if (content_ >= kMostContent) {
            over_ = true;
            addWhy("there is more than 1 GB of native memory to look through");
        }
        return over_;
    }

    void addWhy(const std::string& why) { owners_.why += (owners_.why.empty() ? "" : "; ") + why; }

    const ProcessImage& image_;
    const GcHeap& heap_;
    const HeapGraph& graph_;
    std::span<const NativeBlock> blocks_;
    const NativeSearchOptions& options_;
    Clock::time_point end_;
    std::chrono::nanoseconds processorEnd_;
    BlockIndex index_;
    std::vector<std::uint8_t> tiers_;  //!< by type
    std::vector<std::uint32_t> ranks_; //!< by type
    NativeClaims claims_;
    MemoryWindow window_;
    std::uint64_t content_ = 0; //!< bytes of native blocks that were read
    bool weakToo_ = true;       //!< pointers that say little count, too
    bool over_ = false;
    NativeOwners owners_;
};

} // namespace

NativeOwners findNativeOwners(const ProcessImage& image, const GcHeap& heap, const HeapGraph& graph,
                              const NativeBlocks& blocks, const NativeSearchOptions& options) {
    return OwnerSearch(image, heap, graph, blocks, options).run();
}

} // namespace firstchance
