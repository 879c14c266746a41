#include "memory/glibc_chunks.h"

#include <algorithm>

#include "memory/glibc_heaps.h"
#include "memory/glibc_layout.h"
#include "memory/glibc_tcache.h"

namespace firstchance {
namespace {

using namespace glibc;

class Collector : public BlockVisitor {
public:
    explicit Collector(std::size_t most) : most_(most) {}

    void begin() override {
        inUse.resize(known_);
        caches.resize(knownCaches_);
    }

    bool visit(const AddressRange& block) override {
        if (inUse.size() >= most_) {
            return false;
        }
        inUse.push_back(block);
        if (block.size() + kChunkHeader == kTcacheChunk) {
            caches.push_back(block.begin);
        }
        return true;
    }

    void end() override {
        known_ = inUse.size();
        knownCaches_ = caches.size();
    }

    std::vector<AddressRange> inUse;
    std::vector<Address> caches; //!< blocks that may be a thread's list of free ones

private:
    std::size_t most_;
    std::size_t known_ = 0;
    std::size_t knownCaches_ = 0;
};

//! \brief Blocks that are free though malloc does not mark them so; sorted.
std::vector<Address> unmarkedFree(const ProcessImage& image, const GlibcArenas& arenas,
                                  const std::vector<Address>& caches) {
    std::vector<Address> free;
    for (const Address chunk : arenas.fastChunks) {
        free.push_back(chunk + kChunkHeader);
    }
    for (const Address cache : caches) {
        addCachedBlocks(image, cache, free);
    }
    std::sort(free.begin(), free.end());
    return free;
}

} // namespace

GlibcChunks readGlibcChunks(const ProcessImage& image, const GlibcArenas& arenas, std::size_t most) {
    GlibcChunks result;
    Collector collector(most);
    for (const GlibcHeap& heap : findGlibcHeaps(image, arenas)) {
        result.heaps.push_back(heap.range);
        if (!visitBlocks(image, heap, collector)) {
            result.unread.emplace_back(heap.isBreak ? "the break" : "a heap of an arena");
        }
    }
    const std::vector<Address> free = unmarkedFree(image, arenas, collector.caches);
    result.inUse = std::move(collector.inUse);
    std::erase_if(result.inUse, [&](const AddressRange& block) {
        return std::binary_search(free.begin(), free.end(), block.begin);
    });
    std::sort(result.inUse.begin(), result.inUse.end(),
              [](const AddressRange& a, const AddressRange& b) { return a.begin < b.begin; });
    return result;
}

} // namespace firstchance
