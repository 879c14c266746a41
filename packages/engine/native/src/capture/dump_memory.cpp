#include "capture/dump_memory.h"

#include "base/address_ranges.h"
#include "capture/focus_memory.h"
#include "clr/memory_regions.h"
#include "clr/modules.h"
#include "clr/reader_walk.h"
#include "clr/shared_metadata.h"
#include "core/image_parts.h"

namespace firstchance {
namespace {

//! \brief Before the first object stands its header word; after the last one readers may ask for the next
//! header.
constexpr std::uint64_t kBeforeObjects = 8;
constexpr std::uint64_t kAfterObjects = 32;

void addGcSegments(const GcHeap& heap, MemorySelection& selection) {
    for (const GcSegment& segment : heap.segments) {
        if (!segment.objects.empty()) {
            // Whole ranges: pages of live objects that were never touched exist only as holes, and a reader
            // stops at a gap between two segments of a core.
            selection.addWhole({segment.objects.begin - kBeforeObjects, segment.objects.end + kAfterObjects});
        }
    }
}

void addMetadata(Dac& dac, MemorySelection& selection, std::vector<std::string>& notes) {
    const auto modules = readModules(dac);
    if (!modules) {
        notes.push_back("Module metadata is not in the dump: " + describe(modules.error()));
        return;
    }
    for (const ClrModule& module : *modules) {
        if (!module.imageBase.isNull()) {
            selection.add(module.imageBase, 4096);
        }
        selection.add(module.metadata, module.metadataSize);
    }
}

void addDacRegions(Dac& dac, MemorySelection& selection, std::vector<std::string>& notes) {
    const auto regions = enumerateRegions(dac, RegionKind::Heap);
    if (!regions) {
        notes.push_back(describe(regions.error()));
        return;
    }
    for (const AddressRange range : *regions) {
        selection.add(range);
    }
}

//! \brief What the DAC lists for stacks and exceptions and what it read to name them, without what lies
//! beside it on every disk. Returns what a person must know is left out.
std::vector<std::string> addMini(Dac& dac, const Facts& facts, MemorySelection& selection,
                                 std::vector<std::string>& notes) {
    std::vector<AddressRange> wanted = facts.pagesWithoutHeap;
    if (const auto regions = enumerateRegions(dac, RegionKind::Mini)) {
        wanted.insert(wanted.end(), regions->begin(), regions->end());
    } else {
        notes.push_back(describe(regions.error()));
    }
    joinRanges(wanted);
    const auto elsewhere = sharedRuntimeMetadata(dac);
    for (const AddressRange range : subtractRanges(wanted, elsewhere)) {
        selection.add(range);
    }
    std::vector<std::string> leftOut{"managed heap", "native heap", "clean module pages"};
    if (!elsewhere.empty()) {
        leftOut.push_back("metadata of the installed runtime");
    }
    return leftOut;
}

//! \brief Bytes of managed heap above which Auto keeps only the part near the exception.
constexpr std::uint64_t kLargeHeap = 256ULL << 20U;

DumpKind resolve(DumpKind kind, const Dac* dac, const Facts& facts, std::vector<std::string>& notes) {
    if (kind != DumpKind::Auto) {
        return kind;
    }
    const std::uint64_t bytes = dac != nullptr && facts.heap ? facts.heap->objectBytes() : 0;
    if (bytes <= kLargeHeap) {
        return DumpKind::Heap;
    }
    notes.push_back("heap of " + std::to_string(bytes >> 20U) +
                    " MB: kept the part near the exception (focus); -mh keeps all");
    return DumpKind::Focus;
}

} // namespace

DumpMemory chooseMemory(const ProcessImage& image, const CaptureRequest& request,
                        const RuntimeLocation& runtime, Dac* dac, const Facts& facts) {
    DumpMemory memory;
    memory.kind = resolve(request.keep->dump->kind, dac, facts, memory.notes);
    const DumpKind kind = memory.kind;
    ImagePartsOptions parts;
    parts.runtimeModule = runtime.path;
    const bool smallest = kind == DumpKind::Mini && dac != nullptr;
    parts.unwindTables = !smallest;
    selectImageParts(image, memory.selection, parts);

    if (smallest) {
        memory.leftOut = addMini(*dac, facts, memory.selection, memory.notes);
        return memory;
    }
    if (dac != nullptr) {
        addDacRegions(*dac, memory.selection, memory.notes);
        touchWhatReadersAsk(*dac, true);
        addMetadata(*dac, memory.selection, memory.notes);
        if (kind == DumpKind::Focus) {
            memory.leftOut = addFocus(*dac, request, facts, memory.selection, memory.notes);
        } else if (facts.heap) {
            addGcSegments(*facts.heap, memory.selection);
        }
    }
    if (kind == DumpKind::Full) {
        selectFull(image, memory.selection);
    } else if (dac == nullptr) {
        selectPrivateMemory(image, memory.selection);
    }
    if (dac != nullptr) {
        // Last: what the walks above read is what a debugger will ask for.
        for (const AddressRange range : dac->touchedPages()) {
            memory.selection.add(range);
        }
    }
    if (kind != DumpKind::Full) {
        if (dac != nullptr) {
            memory.leftOut.emplace_back("native heap");
        }
        memory.leftOut.emplace_back("clean module pages");
    }
    return memory;
}

} // namespace firstchance
