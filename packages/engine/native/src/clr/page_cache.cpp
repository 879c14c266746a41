#include "clr/page_cache.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "base/address_ranges.h"

namespace firstchance {
namespace {

//! \brief Larger reads bypass the cache: they would throw everything else out of it.
constexpr std::size_t kLargeRead = 65536;

//! \brief A single request to record more is a misread size, not memory a debugger wants.
constexpr std::uint64_t kLargestTouch = 1ULL << 32;

} // namespace

PageCache::PageCache(const ProcessImage& image) : image_(image), blocks_(kBlocks) {}

const PageCache::Block& PageCache::load(std::uint64_t number) {
    auto& slot = blocks_[(number ^ (number >> 11)) % kBlocks];
    if (!slot) {
        slot = std::make_unique<Block>();
    }
    if (slot->number != number) {
        slot->valid = image_.read(Address(number * kBlock), slot->bytes);
        slot->number = number;
    }
    return *slot;
}

std::size_t PageCache::read(Address address, std::span<std::byte> buffer) {
    std::size_t done = 0;
    if (buffer.size() > kLargeRead) {
        done = image_.read(address, buffer);
    }
    while (done < buffer.size() && buffer.size() <= kLargeRead) {
        const Address at = address + done;
        const Block& block = load(at.value() / kBlock);
        const std::size_t offset = at.value() % kBlock;
        const std::size_t available = block.valid > offset ? block.valid - offset : 0;
        const std::size_t size = std::min(buffer.size() - done, available);
        std::memcpy(buffer.data() + done, block.bytes.data() + offset, size);
        done += size;
        if (offset + size < kBlock) {
            break; // the end of the buffer, or of what can be read
        }
    }
    if (done > 0) {
        touch({address, address + done});
    }
    return done;
}

void PageCache::touch(AddressRange range) {
    if (range.empty() || range.size() > kLargestTouch) {
        return;
    }
    const std::uint64_t last = (range.end.value() - 1) / kBlock;
    for (std::uint64_t number = range.begin.value() / kBlock; number <= last; ++number) {
        if (touched_.insert(number).second && journal_ != nullptr) {
            journal_->push_back(number);
        }
    }
}

std::vector<AddressRange> PageCache::touched() const {
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    std::vector<AddressRange> ranges;
    ranges.reserve(touched_.size());
    for (const std::uint64_t number : touched_) {
        ranges.push_back(
            {Address(number * kBlock).alignDown(page), Address((number + 1) * kBlock).alignUp(page)});
    }
    joinRanges(ranges);
    return ranges;
}

} // namespace firstchance
