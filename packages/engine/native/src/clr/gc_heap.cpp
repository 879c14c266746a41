#include "clr/gc_heap.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "clr/dac_interfaces.h"
#include "clr/dac_threads.h"

namespace firstchance {
namespace {

constexpr std::size_t kMostSegments = 1'000'000; //!< regions are 4 MB: enough for 4 TB
constexpr std::size_t kMostGenerations = 8;
constexpr std::uint64_t kReadOnlySegment = 1;
constexpr int kFrozenGeneration = 5;

tl::unexpected<Error> dacRefused(const char* what, com::HResult result) {
    return fail(
        {ErrorCode::DacFailed, what, "the debugging library answered " + std::to_string(result), "", 0});
}

struct HeapTables {
    dac::HeapDetails details{};
    std::array<dac::Generation, kMostGenerations> generations{};
    std::uint32_t generationCount = 0;
};

Result<HeapTables> readTables(Dac::Interfaces& interfaces, bool server, std::uint64_t heap) {
    HeapTables tables;
    const com::HResult result = server ? interfaces.call(dac::Sos::GetGCHeapDetails, heap, &tables.details)
                                       : interfaces.call(dac::Sos::GetGCHeapStaticData, &tables.details);
    if (result < 0) {
        return dacRefused("Reading the GC heap's details", result);
    }
    std::uint32_t needed = 0;
    if (com::call(interfaces.sos8.get(), dac::slot::kSos8GetNumberGenerations, &needed) < 0 ||
        needed > kMostGenerations) {
        needed = 5; // 0, 1, 2, large and pinned objects: .NET 5 and later
    }
    tables.generationCount = needed;
    const com::HResult table =
        server ? com::call(interfaces.sos8.get(), dac::slot::kSos8GetGenerationTableSvr, heap,
                           tables.generationCount, tables.generations.data(), &needed)
               : com::call(interfaces.sos8.get(), dac::slot::kSos8GetGenerationTable, tables.generationCount,
                           tables.generations.data(), &needed);
    if (table < 0) {
        return dacRefused("Reading the GC's generations", table);
    }
    return tables;
}

//! \brief Follows the segments of one heap.
void addSegments(Dac::Interfaces& interfaces, const HeapTables& tables, std::uint32_t heapIndex,
                 GcHeap& heap) {
    // With regions each generation has its own chain; with segments the young ones lie on the ephemeral
    // segment, the last of generation 2's chain.
    const bool regions = tables.generations[0].startSegment != tables.generations[1].startSegment;
    std::unordered_set<std::uint64_t> seen;
    for (const std::uint32_t generation : {3U, 2U, 1U, 0U, 4U}) {
        if (generation >= tables.generationCount || (!regions && generation < 2)) {
            continue;
        }
        std::uint64_t address = tables.generations[generation].startSegment;
        while (address != 0 && seen.insert(address).second && heap.segments.size() < kMostSegments) {
            const auto segment =
                interfaces.get<dac::HeapSegment>(dac::Sos::GetHeapSegmentData, Address(address));
            if (!segment) {
                break;
            }
            const bool ephemeral = address == tables.details.ephemeralSegment;
            const Address begin(segment->start);
            GcSegment found;
            found.objects = {begin, Address(ephemeral ? tables.details.allocated : segment->allocated)};
            found.committed = {begin, std::max(begin, Address(segment->committed))};
            found.frozen = (segment->flags & kReadOnlySegment) != 0;
            found.generation = found.frozen ? kFrozenGeneration : static_cast<int>(generation);
            found.heap = heapIndex;
            if (found.objects.end < begin) {
                found.objects.end = begin;
            }
            heap.segments.push_back(found);
            address = segment->next;
        }
    }
}

void addContext(GcHeap& heap, std::uint64_t pointer, std::uint64_t limit) {
    if (pointer != 0 && limit >= pointer) {
        heap.allocationContexts.push_back({Address(pointer), Address(limit)});
    }
}

void addContexts(Dac& dac, GcHeap& heap) {
    Dac::Interfaces& interfaces = dac.interfaces();
    for (const RuntimeThread& thread : readRuntimeThreads(dac)) {
        addContext(heap, thread.data.contextPointer, thread.data.contextLimit);
    }
    if (interfaces.sos12) {
        std::uint64_t pointer = 0;
        std::uint64_t limit = 0;
        if (com::call(interfaces.sos12.get(), dac::slot::kSos12GetGlobalAllocationContext, &pointer,
                      &limit) >= 0) {
            addContext(heap, pointer, limit);
        }
    }
}

Result<std::vector<std::uint64_t>> heapAddresses(Dac::Interfaces& interfaces, const dac::GcHeapData& data) {
    if (data.serverMode == 0) {
        return std::vector<std::uint64_t>{0};
    }
    std::vector<std::uint64_t> addresses(std::min(data.heapCount, kMostHeaps));
    std::uint32_t needed = 0;
    const com::HResult result = interfaces.call(
        dac::Sos::GetGCHeapList, static_cast<std::uint32_t>(addresses.size()), addresses.data(), &needed);
    if (result < 0) {
        return dacRefused("Listing the server GC's heaps", result);
    }
    return addresses;
}

//! \brief GetGCHeapData, and the 4-byte reads it made.
Result<dac::GcHeapData> tracedHeapData(Dac& dac, std::vector<TracedRead>& reads) {
    Dac::Interfaces& interfaces = dac.interfaces();
    // The DAC keeps what it has read: without a flush a second call reads nothing.
    com::call(interfaces.process.get(), dac::slot::kProcessFlush);
    dac::GcHeapData data{};
    interfaces.target->traceInto(&reads);
    const com::HResult result = interfaces.call(dac::Sos::GetGCHeapData, &data);
    interfaces.target->traceInto(nullptr);
    if (result < 0) {
        return dacRefused("Reading the state of the GC", result);
    }
    return data;
}

//! \brief Of the 4-byte reads GetGCHeapData makes one is gc_structures_invalid_cnt, with server GC another
//! one n_heaps.
Address counterAmong(Dac& dac, const std::vector<TracedRead>& reads, const dac::GcHeapData& data) {
    Address counter;
    for (const TracedRead& read : reads) {
        if (read.size != sizeof(std::uint32_t)) {
            continue;
        }
        const auto value = dac.readValue<std::uint32_t>(read.address);
        if (value && (*value == 0) == (data.structuresValid != 0)) {
            counter = read.address; // the last one: validity is asked for last
        }
    }
    return counter;
}

} // namespace

Result<Address> findGcCounter(Dac& dac) {
    std::vector<TracedRead> reads;
    const auto data = tracedHeapData(dac, reads);
    if (!data) {
        return fail(data.error());
    }
    const Address counter = counterAmong(dac, reads, *data);
    if (counter.isNull()) {
        return fail({ErrorCode::DacFailed, "Looking for the counter that tells whether a GC is under way",
                     "the debugging library did not read it", "", 0});
    }
    return counter;
}

Result<GcHeap> readGcHeap(Dac& dac) {
    Dac::Interfaces& interfaces = dac.interfaces();
    std::vector<TracedRead> reads;
    const auto data = tracedHeapData(dac, reads);
    if (!data) {
        return fail(data.error());
    }
    GcHeap heap;
    heap.server = data->serverMode != 0;
    heap.structuresValid = data->structuresValid != 0;
    heap.counterAddress = counterAmong(dac, reads, *data);
    dac::UsefulGlobals globals{};
    if (const auto result = interfaces.call(dac::Sos::GetUsefulGlobals, &globals); result < 0) {
        return dacRefused("Reading the runtime's well-known types", result);
    }
    heap.freeType = Address(globals.freeType);
    heap.stringType = Address(globals.stringType);
    const auto addresses = heapAddresses(interfaces, *data);
    if (!addresses) {
        return fail(addresses.error());
    }
    heap.heapCount = static_cast<std::uint32_t>(addresses->size());
    for (std::uint32_t index = 0; index < heap.heapCount; ++index) {
        const auto tables = readTables(interfaces, heap.server, (*addresses)[index]);
        if (!tables) {
            return fail(tables.error());
        }
        addSegments(interfaces, *tables, index, heap);
        addContext(heap, tables->generations[0].contextPointer, tables->generations[0].contextLimit);
    }
    addContexts(dac, heap);
    std::sort(heap.segments.begin(), heap.segments.end(),
              [](const GcSegment& a, const GcSegment& b) { return a.objects.begin < b.objects.begin; });
    return heap;
}

std::uint64_t GcHeap::objectBytes() const {
    std::uint64_t bytes = 0;
    for (const GcSegment& segment : segments) {
        bytes += segment.objects.size();
    }
    return bytes;
}

std::uint64_t GcHeap::committedBytes() const {
    std::uint64_t bytes = 0;
    for (const GcSegment& segment : segments) {
        bytes += segment.committed.size();
    }
    return bytes;
}

} // namespace firstchance
