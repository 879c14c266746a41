#include "memory/glibc_heaps.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <utility>

#include "memory/glibc_layout.h"

namespace firstchance {
namespace {

using namespace glibc;

//! \brief The part of struct _heap_info that is the same in all versions (malloc/arena.c). It takes 32 bytes,
//! and 48 since 2.35.
struct HeapInfo {
    std::uint64_t arena, previous, size, writable;
};
constexpr std::array<std::uint64_t, 2> kHeapInfoSizes = {48, 32};
//! \brief The chunks that end a heap which was full: too small to be one.
constexpr std::uint64_t kFence = 2 * kChunkHeader;

//! \brief Reads words of memory that is walked forward; what cannot be read is zero. While the steps are
//! small it reads ahead, more and more; over the content of large blocks it leaps.
class Words {
public:
    explicit Words(const ProcessImage& image) : image_(image) {}

    std::uint64_t at(Address address) {
        if (address < begin_ || address - begin_ + 8 > size_) {
            fill(address);
        }
        std::uint64_t word = 0;
        std::memcpy(&word, bytes_.data() + (address - begin_), sizeof word);
        return word;
    }

private:
    static constexpr std::size_t kLeast = 64;
    static constexpr std::size_t kMost = 256U << 10U;

    void fill(Address address) {
        const bool goesOn = address >= begin_ && address - begin_ < size_ + size_ / 2;
        size_ = goesOn ? std::min(2 * size_, kMost) : kLeast;
        if (bytes_.size() < size_) {
            bytes_.resize(size_);
        }
        const std::size_t got = image_.read(address, std::span(bytes_).first(size_));
        std::memset(bytes_.data() + got, 0, size_ - got);
        begin_ = address;
    }

    const ProcessImage& image_;
    std::vector<std::byte> bytes_;
    std::size_t size_ = 0;
    Address begin_{UINT64_MAX};
};

bool walk(Words& words, const AddressRange& range, Address top, BlockVisitor& visitor) {
    Address at = range.begin;
    while (at != top) {
        const std::uint64_t size = range.end - at >= kChunkHeader ? words.at(at + 8) & kSizeMask : 0;
        if (size < kSmallestChunk) {
            // Without the last chunk of all, the heap was full.
            return !range.contains(top) && range.end - at <= kFence;
        }
        if (size % 16 != 0 || size > range.end - at || range.end - at - size < kChunkHeader) {
            return false;
        }
        const Address next = at + size;
        const bool inUse = (words.at(next + 8) & kPreviousInUse) != 0;
        if (inUse && !visitor.visit({at + kChunkHeader, next})) {
            return true;
        }
        at = next;
    }
    return true;
}

//! \brief Heaps lie at multiples of their largest size, also within a larger mapping.
void findIn(const ProcessImage& image, const AddressRange& range, const GlibcArenas& arenas,
            std::vector<GlibcHeap>& heaps) {
    for (Address at = range.begin.alignUp(kHeapSize); at < range.end; at += kHeapSize) {
        const auto info = image.readValue<HeapInfo>(at);
        const auto arena = info ? std::find(arenas.arenas.begin(), arenas.arenas.end(), Address(info->arena))
                                : arenas.arenas.end();
        if (arena == arenas.arenas.end() || info->size > kHeapSize || info->size > range.end - at) {
            continue;
        }
        GlibcHeap heap{{at, at + info->size}, {}, {}, false};
        heap.top = arenas.tops[static_cast<std::size_t>(arena - arenas.arenas.begin())];
        if (heap.range.contains(*arena)) { // the first of the arena: behind its state
            heap.firstChunks.push_back((*arena + sizeof(Arena)).alignUp(16));
        } else {
            for (const std::uint64_t size : kHeapInfoSizes) {
                heap.firstChunks.push_back(at + size);
            }
        }
        heaps.push_back(std::move(heap));
    }
}

} // namespace

std::vector<GlibcHeap> findGlibcHeaps(const ProcessImage& image, const GlibcArenas& arenas) {
    std::vector<GlibcHeap> heaps;
    for (const Mapping& mapping : image.mappings()) {
        if (mapping.path == "[heap]" && !arenas.tops.empty()) {
            heaps.push_back({mapping.range, {mapping.range.begin}, arenas.tops.front(), true});
        } else if (mapping.path.empty() && mapping.writable && !mapping.shared && !mapping.executable) {
            findIn(image, mapping.range, arenas, heaps);
        }
    }
    return heaps;
}

bool visitBlocks(const ProcessImage& image, const GlibcHeap& heap, BlockVisitor& visitor) {
    Words words(image);
    for (const Address first : heap.firstChunks) {
        visitor.begin();
        if (first < heap.range.end && walk(words, {first, heap.range.end}, heap.top, visitor)) {
            visitor.end();
            return true;
        }
    }
    visitor.begin();
    visitor.end();
    return false;
}

} // namespace firstchance
