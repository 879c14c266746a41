#include "memory/jit_slabs.h"

#include "memory/glibc_heaps.h"
#include "memory/glibc_layout.h"

namespace firstchance {
namespace {

constexpr std::size_t kMostLookedAt = 1U << 20U;
//! \brief ArenaAllocator::DEFAULT_PAGE_SIZE: a slab has a multiple of it (jit/alloc.h, the same from .NET 5
//! to 10).
constexpr std::uint64_t kPage = 64U << 10U;

//! \brief How a slab begins, in use (ArenaAllocator::PageDescriptor) as well as kept (JitHost::Slab).
struct SlabHead {
    std::uint64_t next, size;
};

class Slabs : public BlockVisitor {
public:
    explicit Slabs(const ProcessImage& image) : image_(image) {}

    [[nodiscard]] std::uint64_t bytes() const { return before_ + ofHeap_; }

    void begin() override { ofHeap_ = 0; }

    bool visit(const AddressRange& block) override {
        if (isJitSlab(image_, block)) {
            ofHeap_ += block.size() + glibc::kChunkHeader;
        }
        return ++seen_ < kMostLookedAt;
    }

    void end() override {
        before_ += ofHeap_;
        ofHeap_ = 0;
    }

private:
    const ProcessImage& image_;
    std::uint64_t before_ = 0;
    std::uint64_t ofHeap_ = 0;
    std::size_t seen_ = 0;
};

} // namespace

bool isJitSlab(const ProcessImage& image, const AddressRange& block) {
    const std::uint64_t size = block.size() / kPage * kPage;
    if (size == 0 || block.size() - size >= glibc::kSmallestChunk) {
        return false;
    }
    const auto head = image.readValue<SlabHead>(block.begin);
    return head && head->size == size && head->next % 16 == 0;
}

std::uint64_t readJitSlabBytes(const ProcessImage& image, const GlibcArenas& arenas) {
    Slabs slabs(image);
    for (const GlibcHeap& heap : findGlibcHeaps(image, arenas)) {
        visitBlocks(image, heap, slabs);
    }
    return slabs.bytes();
}

} // namespace firstchance
