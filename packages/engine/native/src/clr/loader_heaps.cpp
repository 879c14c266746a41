#include "clr/loader_heaps.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/address_ranges.h"
#include "base/page_size.h"
#include "clr/dac_interfaces.h"
#include "clr/modules.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kLargestBlock = 1ULL << 30U;
constexpr std::size_t kMostHeapBlocks = 10'000'000;

// The DAC's callback has no room for a parameter of ours: a DAC is used by one thread only.
std::vector<AddressRange>* g_blocks = nullptr;

void takeBlock(std::uint64_t address, std::size_t size, std::int32_t /*current*/) {
    if (g_blocks != nullptr && size > 0 && size <= kLargestBlock && g_blocks->size() < kMostHeapBlocks) {
        g_blocks->push_back({Address(address), Address(address + size)});
    }
}

} // namespace

std::uint64_t globalLoaderAllocator(Dac& dac) {
    std::uint64_t allocator = 0;
    com::Reference& sos13 = dac.interfaces().sos13;
    for (const Address domain : domainAddresses(dac)) {
        if (sos13 &&
            com::call(sos13.get(), dac::slot::kSos13GetDomainLoaderAllocator, domain.value(), &allocator) ==
                com::kOk &&
            allocator != 0) {
            return allocator;
        }
    }
    return 0;
}

std::vector<AddressRange> loaderHeapBlocks(Dac& dac, std::uint64_t allocator) {
    void* sos13 = dac.interfaces().sos13.get();
    std::array<std::uint64_t, 64> heaps{};
    std::array<std::int32_t, 64> kinds{};
    std::int32_t needed = 0;
    std::vector<AddressRange> blocks;
    if (com::call(sos13, dac::slot::kSos13GetLoaderAllocatorHeaps, allocator,
                  static_cast<std::int32_t>(heaps.size()), heaps.data(), kinds.data(), &needed) < 0) {
        return blocks;
    }
    g_blocks = &blocks;
    for (std::size_t i = 0; i < heaps.size() && i < static_cast<std::size_t>(std::max(needed, 0)); ++i) {
        if (heaps[i] != 0) {
            com::call(sos13, dac::slot::kSos13TraverseLoaderHeap, heaps[i], kinds[i], &takeBlock);
        }
    }
    g_blocks = nullptr;
    return blocks;
}

std::vector<AddressRange> allLoaderHeapBlocks(Dac& dac) {
    std::set<std::uint64_t> allocators = {globalLoaderAllocator(dac)};
    for (const Address address : moduleAddresses(dac)) {
        if (const auto module = dac.interfaces().get<dac::Module>(dac::Sos::GetModuleData, address)) {
            allocators.insert(module->loaderAllocator);
        }
    }
    allocators.erase(0);
    std::vector<AddressRange> blocks;
    for (const std::uint64_t allocator : allocators) {
        for (const AddressRange& block : loaderHeapBlocks(dac, allocator)) {
            blocks.push_back({block.begin.alignDown(kPageBytes), block.end.alignUp(kPageBytes)});
        }
    }
    joinRanges(blocks);
    return blocks;
}

} // namespace firstchance
