#include "heap/native/native_owners.h"

#include <map>
#include <memory>

#include <gtest/gtest.h>

#include "clr/loader_heaps.h"
#include "clr/runtime_location.h"
#include "clr/stopped_process.h"
#include "heap/graph/build_graph.h"
#include "heap/heap_subject.h"
#include "memory/native_blocks.h"

namespace firstchance {
namespace {

//! \brief What the objects of one type hold.
struct Held {
    std::uint64_t objects = 0;
    std::uint64_t bytes = 0;
    std::uint8_t deepest = 0;
};

//! \brief One reading of the subject.
struct Reading {
    NativeOwners owners;
    std::map<std::pair<std::string, NativeKind>, Held> held;

    explicit Reading(pid_t pid, const NativeSearchOptions& options = {}) {
        const StoppedProcess image(pid);
        const auto runtime = locateRuntime(image);
        EXPECT_TRUE(runtime);
        const auto dac = Dac::open(image, *runtime);
        EXPECT_TRUE(dac) << describe(dac.error());
        const auto heap = readGcHeap(**dac);
        EXPECT_TRUE(heap) << describe(heap.error());
        auto graph = buildHeapGraph(**dac, *heap);
        EXPECT_TRUE(graph) << describe(graph.error());
        fillAddresses(*graph);
        std::vector<AddressRange> committed;
        for (const GcSegment& segment : heap->segments) {
            committed.push_back(segment.committed);
        }
        const auto loaderHeaps = allLoaderHeapBlocks(**dac);
        const NativeBlocks blocks =
            readNativeBlocks(image, {.gcCommitted = committed, .loaderHeaps = loaderHeaps});
        owners = findNativeOwners(image, *heap, *graph, blocks, options);
        for (const NativeHolding& one : owners.holdings) {
            EXPECT_TRUE(graph->isReachable(one.node));
            Held& type = held[{graph->types[graph->type[one.node]].name, one.kind}];
            type.objects += 1;
            type.bytes += one.bytes;
            type.deepest = std::max(type.deepest, one.depth);
        }
    }
    [[nodiscard]] Held of(const std::string& type, NativeKind kind = NativeKind::Malloc) const {
        const auto found = held.find({type, kind});
        return found == held.end() ? Held{} : found->second;
    }
    [[nodiscard]] std::uint64_t unheld(NativeKind kind) const {
        const NativeTotal& total = owners.totals[static_cast<std::size_t>(kind) - 1];
        return total.bytes - total.heldBytes;
    }
};

constexpr std::uint64_t kCount = 40;

//! \brief A block or two may go to somebody else: words that were pointers once look like pointers.
constexpr std::uint64_t kStray = 2;

//! \brief A chunk of malloc has a header of 8 bytes and a multiple of 16; what is left of a free one and too
//! small for another stays with it.
void expectChunks(const Held& held, std::uint64_t count, std::uint64_t size) {
    EXPECT_GE(held.bytes, (count - kStray) * size);
    EXPECT_LE(held.bytes, (count + kStray) * (size + 16));
}

TEST(NativeOwners, AreTheObjectsThatPointToItByWhateverWay) {
    HeapSubject subject;
    subject.run("native " + std::to_string(kCount));
    subject.run("gc");
    const Reading reading(subject.pid());
    EXPECT_EQ("", reading.owners.why);
    const Held owner = reading.of("Marks.NativeOwner");
    EXPECT_EQ(kCount, owner.objects);
    expectChunks(owner, kCount, 30'016);
    EXPECT_LE(owner.deepest, 1U + kStray);
    const Held handle = reading.of("Marks.NativeHandle");
    expectChunks(handle, kCount, 20'016);
    EXPECT_LE(handle.deepest, 1U + kStray);
    const Held tree = reading.of("Marks.NativeTree+Slot[]");
    expectChunks(tree, kCount * 4, 10'016);
    EXPECT_LE(tree.deepest, 2U + kStray);
    const Held list = reading.of("Marks.NativeList");
    expectChunks(list, kCount, 32);
    EXPECT_GE(list.deepest, kCount - kStray);
    const Held mapping = reading.of("Marks.NativeMapping", NativeKind::Anonymous);
    // The runtime maps memory where other objects' mappings were; it comes in larger pieces.
    EXPECT_GE(mapping.objects, kCount - kStray);
    EXPECT_LE(mapping.objects, kCount + kStray);
    EXPECT_GE(mapping.bytes, (kCount - kStray) * 40'960);
    EXPECT_LE(mapping.bytes, (kCount + kStray) * 40'960 + (std::uint64_t{1} << 20U));
    EXPECT_EQ(0, subject.finish());
}

TEST(NativeOwners, OfWhatIsLostAreNone) {
    HeapSubject subject;
    subject.run("lose 10");
    subject.run("gc");
    const Reading before(subject.pid());
    subject.run("lose " + std::to_string(kCount));
    subject.run("gc");
    const Reading after(subject.pid());
    const std::uint64_t lost = after.unheld(NativeKind::Malloc) - before.unheld(NativeKind::Malloc);
    EXPECT_GE(lost, (kCount - kStray) * 30'016);
    EXPECT_LE(lost, (kCount + kStray) * 30'016);
    EXPECT_EQ(0U, after.of("Marks.NativeText").bytes);
    EXPECT_EQ(0, subject.finish());
}

TEST(NativeOwners, SearchThatTakesTooLongSaysSo) {
    HeapSubject subject;
    const Reading reading(subject.pid(), {.limit = std::chrono::milliseconds(0)});
    EXPECT_EQ("it took longer than 0 ms", reading.owners.why);
    EXPECT_TRUE(reading.owners.holdings.empty());
    EXPECT_GT(reading.owners.totals[0].bytes, 0U);
    EXPECT_EQ(0, subject.finish());
}

} // namespace
} // namespace firstchance
