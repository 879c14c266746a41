#include "clr/finalizer_queue.h"

#include <algorithm>
#include <array>
#include <string>

#include "clr/dac_interfaces.h"
#include "clr/gc_heap.h"

namespace firstchance {
namespace {

constexpr std::uint32_t kPointers = 7;
constexpr std::size_t kReadyBegin = 4; //!< fill pointer where the objects begin whose finalizer is due
constexpr std::size_t kReadyEnd = 6;
constexpr std::uint64_t kMostQueueBytes = std::uint64_t{1} << 32U;
using FillPointers = std::array<std::uint64_t, 16>;

tl::unexpected<Error> refused(com::HResult result) {
    return fail({ErrorCode::DacFailed, "Reading the finalization queue",
                 "the debugging library answered " + std::to_string(result), "", 0});
}

Result<std::vector<FillPointers>> fillPointers(Dac& dac) {
    Dac::Interfaces& interfaces = dac.interfaces();
    void* sos8 = interfaces.sos8.get();
    dac::GcHeapData data{};
    com::HResult result = interfaces.call(dac::Sos::GetGCHeapData, &data);
    std::vector<std::uint64_t> heaps(1, 0);
    std::uint32_t needed = 0;
    if (result >= 0 && data.serverMode != 0) {
        heaps.assign(std::min(data.heapCount, kMostHeaps), 0);
        result = interfaces.call(dac::Sos::GetGCHeapList, static_cast<std::uint32_t>(heaps.size()),
                                 heaps.data(), &needed);
    }
    std::vector<FillPointers> all;
    for (std::size_t i = 0; i < heaps.size() && result >= 0; ++i) {
        FillPointers fill{};
        result = heaps[i] != 0 ? com::call(sos8, dac::slot::kSos8GetFinalizationFillPointersSvr, heaps[i],
                                           kPointers, fill.data(), &needed)
                               : com::call(sos8, dac::slot::kSos8GetFinalizationFillPointers, kPointers,
                                           fill.data(), &needed);
        all.push_back(fill);
    }
    return result < 0 ? Result<std::vector<FillPointers>>(refused(result)) : all;
}

} // namespace

Result<std::vector<Address>> readFinalizerQueue(Dac& dac) {
    const auto all = fillPointers(dac);
    if (!all) {
        return fail(all.error());
    }
    std::vector<Address> objects;
    for (const FillPointers& fill : *all) {
        const std::uint64_t begin = fill[kReadyBegin];
        const std::uint64_t size = fill[kReadyEnd] > begin ? fill[kReadyEnd] - begin : 0;
        std::vector<std::uint64_t> words(std::min(size, kMostQueueBytes) / 8);
        const auto bytes = std::as_writable_bytes(std::span(words));
        if (dac.read(Address(begin), bytes) != bytes.size()) {
            return fail({ErrorCode::DacFailed, "Reading the finalization queue",
                         "its memory could not be read", "", 0});
        }
        for (const std::uint64_t word : words) {
            if (word != 0) {
                objects.emplace_back(word);
            }
        }
    }
    return objects;
}

Result<std::vector<AddressRange>> finalizationQueues(Dac& dac) {
    const auto all = fillPointers(dac);
    if (!all) {
        return fail(all.error());
    }
    std::vector<AddressRange> ranges;
    for (const FillPointers& fill : *all) {
        if (fill[0] != 0) {
            ranges.push_back({Address(fill[0]), Address(fill[kPointers - 1])});
        }
    }
    return ranges;
}

} // namespace firstchance
