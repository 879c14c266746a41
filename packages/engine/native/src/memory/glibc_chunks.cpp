#include "memory/glibc_chunks.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <span>

#include "memory/glibc_layout.h"
#include "memory/glibc_tcache.h"

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
    explicit Words(const ProcessImage& image) : image_(image), bytes_(kMost) {}

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
        const std::size_t got = image_.read(address, std::span(bytes_).first(size_));
        std::memset(bytes_.data() + got, 0, size_ - got);
        begin_ = address;
    }

    const ProcessImage& image_;
    std::vector<std::byte> bytes_;
    std::size_t size_ = 0;
    Address begin_{UINT64_MAX};
};

class Walk {
public:
    Walk(const ProcessImage& image, const GlibcArenas& arenas, std::size_t most)
        : image_(image), arenas_(arenas), words_(image), most_(most) {}

    GlibcChunks run() {
        for (const Mapping& mapping : image_.mappings()) {
            if (mapping.path == "[heap]") {
                walkBreak(mapping.range);
            } else if (mapping.path.empty() && mapping.writable && !mapping.shared && !mapping.executable) {
                walkHeaps(mapping.range);
            }
        }
        leaveOutFree();
        return std::move(result_);
    }

private:
    void walkBreak(const AddressRange& range) {
        result_.heaps.push_back(range);
        if (!arenas_.tops.empty() && !walk(range, arenas_.tops.front())) {
            result_.unread.emplace_back("the break");
        }
    }

    //! \brief Heaps lie at multiples of their largest size, also within a larger mapping.
    void walkHeaps(const AddressRange& range) {
        for (Address at = range.begin.alignUp(kHeapSize); at < range.end; at += kHeapSize) {
            const auto info = image_.readValue<HeapInfo>(at);
            const auto arena =
                info ? std::find(arenas_.arenas.begin(), arenas_.arenas.end(), Address(info->arena))
                     : arenas_.arenas.end();
            if (arena == arenas_.arenas.end() || info->size > kHeapSize || info->size > range.end - at) {
                continue;
            }
            const AddressRange heap{at, at + info->size};
            result_.heaps.push_back(heap);
            if (!walkHeap(heap, *arena,
                          arenas_.tops[static_cast<std::size_t>(arena - arenas_.arenas.begin())])) {
                result_.unread.emplace_back("a heap of an arena");
            }
        }
    }

    bool walkHeap(const AddressRange& heap, Address arena, Address top) {
        if (heap.contains(arena)) { // the first of the arena: behind its state
            const Address first = (arena + sizeof(Arena)).alignUp(16);
            return walk({first, heap.end}, top);
        }
        return std::any_of(kHeapInfoSizes.begin(), kHeapInfoSizes.end(), [&](std::uint64_t size) {
            return walk({heap.begin + size, heap.end}, top);
        });
    }

    //! \brief Adds the chunks of one piece of memory; false, and nothing, when they do not end as they
    //! should.
    bool walk(const AddressRange& range, Address top) {
        const std::size_t known = result_.inUse.size();
        const std::size_t caches = caches_.size();
        Address at = range.begin;
        while (at != top && result_.inUse.size() < most_) {
            const std::uint64_t size = range.end - at >= kChunkHeader ? words_.at(at + 8) & kSizeMask : 0;
            if (size < kSmallestChunk) {
                if (range.contains(top) || range.end - at > kFence) {
                    break;
                }
                return true; // the heap was full
            }
            if (size % 16 != 0 || size > range.end - at || range.end - at - size < kChunkHeader) {
                break;
            }
            const Address next = at + size;
            if ((words_.at(next + 8) & kPreviousInUse) != 0) {
                result_.inUse.push_back({at + kChunkHeader, next});
                if (size == kTcacheChunk) {
                    caches_.push_back(at + kChunkHeader);
                }
            }
            at = next;
        }
        if (at == top || result_.inUse.size() >= most_) {
            return true;
        }
        result_.inUse.resize(known);
        caches_.resize(caches);
        return false;
    }

    void leaveOutFree() {
        std::vector<Address> free;
        for (const Address chunk : arenas_.fastChunks) {
            free.push_back(chunk + kChunkHeader);
        }
        for (const Address cache : caches_) {
            addCachedBlocks(image_, cache, free);
        }
        std::sort(free.begin(), free.end());
        std::erase_if(result_.inUse, [&](const AddressRange& block) {
            return std::binary_search(free.begin(), free.end(), block.begin);
        });
        std::sort(result_.inUse.begin(), result_.inUse.end(),
                  [](const AddressRange& a, const AddressRange& b) { return a.begin < b.begin; });
    }

    const ProcessImage& image_;
    const GlibcArenas& arenas_;
    Words words_;
    std::size_t most_;
    std::vector<Address> caches_; //!< blocks that may be a thread's list of free ones
    GlibcChunks result_;
};

} // namespace

GlibcChunks readGlibcChunks(const ProcessImage& image, const GlibcArenas& arenas, std::size_t most) {
    return Walk(image, arenas, most).run();
}

} // namespace firstchance
