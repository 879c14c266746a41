#include "clr/memory_regions.h"

#include <unistd.h>

#include <algorithm>

#include "base/address_ranges.h"
#include "clr/dac_guids.h"
#include "clr/dac_interfaces.h"

namespace firstchance {
namespace {

//! \brief MINIDUMP_TYPE flags as createdump passes them. In the DAC 0x200 (private read-write memory) chooses
//! the worker that dumps the loader heaps whole; without it only what stacks, modules and exceptions need is
//! listed.
constexpr std::uint32_t kMiniFlags = 0x1000;
constexpr std::uint32_t kHeapFlags = 0x200 | 0x1 | 0x4 | 0x20 | 0x800 | 0x1000 | 0x40000;

//! \brief CLRDataEnumMemoryFlags. HEAP2 takes 4-15 ms; HEAP (1) walks deeply: 250 ms, 200,000 regions, no
//! better answers.
constexpr std::int32_t kMini = 0;
constexpr std::int32_t kHeap2 = 3;

constexpr std::size_t kMostRanges = 4'000'000;

//! \brief ICLRDataEnumMemoryRegionsCallback in the order of its slots; lives on our stack, so it is not
//! counted.
class RegionCollector final {
public:
    RegionCollector() = default;
    RegionCollector(const RegionCollector&) = delete;
    RegionCollector& operator=(const RegionCollector&) = delete;
    ~RegionCollector() = default;

    virtual com::HResult queryInterface(const com::Guid* id, void** out) {
        const bool known = *id == com::kIUnknown || *id == dac::kICLRDataEnumMemoryRegionsCallback;
        *out = known ? this : nullptr;
        return known ? com::kOk : com::kNoInterface;
    }
    virtual std::uint32_t addRef() { return 1; }
    virtual std::uint32_t release() { return 1; }
    virtual com::HResult enumMemoryRegion(std::uint64_t address, std::uint32_t size) {
        if (size == 0 || address + size < address) {
            return com::kOk;
        }
        const AddressRange range{Address(address).alignDown(page_), Address(address + size).alignUp(page_)};
        if (!ranges_.empty() && range.begin >= ranges_.back().begin && range.begin <= ranges_.back().end) {
            ranges_.back().end = std::max(ranges_.back().end, range.end);
            return com::kOk;
        }
        if (ranges_.size() >= kMostRanges) {
            return com::kFail; // ends an enumeration that has gone astray
        }
        ranges_.push_back(range);
        return com::kOk;
    }

    [[nodiscard]] std::vector<AddressRange> take() {
        joinRanges(ranges_);
        return std::move(ranges_);
    }

private:
    std::uint64_t page_ = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    std::vector<AddressRange> ranges_;
};

} // namespace

Result<std::vector<AddressRange>> enumerateRegions(Dac& dac, RegionKind kind) {
    const auto enumerator = dac.interfaces().process.query(dac::kICLRDataEnumMemoryRegions);
    if (!enumerator) {
        return fail({ErrorCode::DacFailed, "Listing the runtime's memory",
                     "the debugging library does not offer it", "", 0});
    }
    RegionCollector collector;
    const bool heap = kind == RegionKind::Heap;
    const com::HResult result =
        com::call(enumerator.get(), dac::slot::kEnumMemoryRegions, static_cast<void*>(&collector),
                  heap ? kHeapFlags : kMiniFlags, heap ? kHeap2 : kMini);
    auto ranges = collector.take();
    if (result < 0 && ranges.empty()) {
        return fail({ErrorCode::DacFailed, "Listing the runtime's memory",
                     "the debugging library answered " + std::to_string(result), "", 0});
    }
    return ranges;
}

} // namespace firstchance
