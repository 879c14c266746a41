#include "clr/reader_walk.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "clr/dac_interfaces.h"
#include "clr/finalizer_queue.h"
#include "clr/gc_heap.h"
#include "clr/stack_references.h"

namespace firstchance {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kLimit{10};
constexpr std::uint32_t kReferenceBatch = 256;

//! \brief Reads an enumerator of the DAC to its end, throwing the answers away.
template <class Item> void drain(const com::Reference& enumerator, Clock::time_point end) {
    std::vector<Item> items(kReferenceBatch);
    std::uint32_t fetched = 0;
    do {
        fetched = 0;
        if (com::call(enumerator.get(), dac::slot::kEnumNext, kReferenceBatch, items.data(), &fetched) < 0) {
            return;
        }
    } while (fetched == kReferenceBatch && Clock::now() < end);
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

//! \brief The queue lies in native memory.
void touchFinalizationQueues(Dac& dac) {
    for (const AddressRange& queue : finalizationQueues(dac).value_or(std::vector<AddressRange>{})) {
        dac.touch(queue);
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
        static_cast<void>(readStackReferences(dac, end));
    }
}

} // namespace firstchance
