#include "clr/reader_walk.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "clr/dac_interfaces.h"
#include "clr/gc_heap.h"
#include "clr/stack_references.h"

namespace firstchance {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kLimit{10};
constexpr std::uint32_t kBatch = 256;

//! \brief Reads an enumerator of the DAC to its end, throwing the answers away.
template <class Item> void drain(const com::Reference& enumerator, Clock::time_point end) {
    std::vector<Item> items(kBatch);
    std::uint32_t fetched = 0;
    do {
        fetched = 0;
        if (com::call(enumerator.get(), dac::slot::kEnumNext, kBatch, items.data(), &fetched) < 0) {
            return;
        }
    } while (fetched == kBatch && Clock::now() < end);
}

void touchHandles(Dac::Interfaces& interfaces, Clock::time_point end) {
    com::Reference handles;
    if (interfaces.call(dac::Sos::GetHandleEnum, handles.out()) >= 0 && handles) {
        drain<dac::Handle>(handles, end);
    }
}

//! \brief Without the sync table in a dump, debuggers report every inflated lock as corruption; nothing else
//! reads it.
void touchSyncBlocks(Dac::Interfaces& interfaces, Clock::time_point end) {
    constexpr std::uint32_t kMost = 10'000'000;
    std::uint32_t count = 1;
    for (std::uint32_t number = 1; number <= count && number < kMost && Clock::now() < end; ++number) {
        dac::SyncBlock block{};
        if (interfaces.call(dac::Sos::GetSyncBlockData, number, &block) < 0) {
            return;
        }
        count = std::max(count, block.count);
    }
}

//! \brief The queue lies in native memory: fill pointer 0 is its beginning, the last one the end of what is
//! used.
void touchFinalizationQueue(Dac& dac, std::uint64_t heap) {
    constexpr std::uint32_t kPointers = 7;
    std::array<std::uint64_t, 16> fill{};
    std::uint32_t needed = 0;
    void* sos8 = dac.interfaces().sos8.get();
    const com::HResult result = heap != 0 ? com::call(sos8, dac::slot::kSos8GetFinalizationFillPointersSvr,
                                                      heap, kPointers, fill.data(), &needed)
                                          : com::call(sos8, dac::slot::kSos8GetFinalizationFillPointers,
                                                      kPointers, fill.data(), &needed);
    if (result >= 0 && fill[0] != 0) {
        dac.touch({Address(fill[0]), Address(fill[kPointers - 1])});
    }
}

void touchFinalizationQueues(Dac& dac) {
    Dac::Interfaces& interfaces = dac.interfaces();
    dac::GcHeapData data{};
    if (interfaces.call(dac::Sos::GetGCHeapData, &data) < 0) {
        return;
    }
    constexpr std::uint32_t kMostHeaps = 4096;
    std::vector<std::uint64_t> heaps(1, 0);
    if (data.serverMode != 0) {
        std::uint32_t needed = 0;
        heaps.assign(std::min(data.heapCount, kMostHeaps), 0);
        if (interfaces.call(dac::Sos::GetGCHeapList, static_cast<std::uint32_t>(heaps.size()), heaps.data(),
                            &needed) < 0) {
            return;
        }
    }
    for (const std::uint64_t heap : heaps) {
        touchFinalizationQueue(dac, heap);
    }
}

} // namespace

void touchWhatReadersAsk(Dac& dac, bool stackReferences) {
    const auto end = Clock::now() + kLimit;
    static_cast<void>(readGcHeap(dac));
    touchHandles(dac.interfaces(), end);
    touchSyncBlocks(dac.interfaces(), end);
    touchFinalizationQueues(dac);
    if (stackReferences) {
        touchStackReferences(dac, end);
    }
}

} // namespace firstchance
