#include "heap/graph/build_graph.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include <gmock/gmock.h>

#include "clr/runtime_location.h"
#include "clr/stopped_process.h"
#include "clr/type_names.h"
#include "heap/heap_subject.h"
#include "heap/linear_census.h"

namespace firstchance {
namespace {

//! \brief The subject held still, with what its graph is built from.
class Frozen {
public:
    explicit Frozen(pid_t pid) : image_(pid) {
        const auto runtime = locateRuntime(image_);
        EXPECT_TRUE(runtime);
        auto opened = Dac::open(image_, *runtime);
        EXPECT_TRUE(opened) << describe(opened.error());
        dac_ = std::move(*opened);
        auto heap = readGcHeap(*dac_);
        EXPECT_TRUE(heap) << describe(heap.error());
        heap_ = std::move(*heap);
    }
    [[nodiscard]] Dac& dac() { return *dac_; }
    [[nodiscard]] GcHeap& heap() { return heap_; }
    [[nodiscard]] Result<HeapGraph> build(const GraphOptions& options = {}) {
        return buildHeapGraph(*dac_, heap_, options);
    }

private:
    StoppedProcess image_;
    std::unique_ptr<Dac> dac_;
    GcHeap heap_;
};

using Counts = std::map<std::string, std::uint64_t>;

Counts countsOf(const HeapGraph& graph, bool reachable) {
    Counts counts;
    for (std::uint32_t node = 0; node < graph.size(); ++node) {
        if (!reachable || graph.isReachable(node)) {
            counts[graph.types[graph.type[node]].name] += 1;
        }
    }
    return counts;
}

HeapGraph graphOf(pid_t pid) {
    Frozen frozen(pid);
    auto graph = frozen.build();
    EXPECT_TRUE(graph) << describe(graph.error());
    EXPECT_TRUE(graph->complete) << graph->why;
    return std::move(*graph);
}

//! \brief "static …" to the type of the object.
std::map<std::string, std::string> statics(const HeapGraph& graph, const std::string& prefix) {
    std::map<std::string, std::string> found;
    for (const GraphRoot& root : graph.roots) {
        const std::string& name = graph.rootNames[root.name];
        if (root.kind == RootKind::Static && name.starts_with("static " + prefix)) {
            found[name.substr(7)] = graph.types[graph.type[root.object]].name;
        }
    }
    return found;
}

//! \brief One subject for all tests of a suite that only read it.
class HeapGraphTest : public testing::Test {
protected:
    static void SetUpTestSuite() { start({}); }
    static void TearDownTestSuite() {
        EXPECT_EQ(0, subject_->finish());
        subject_.reset();
    }
    static void start(const std::vector<std::string>& environment) {
        subject_ = std::make_unique<HeapSubject>(environment);
    }
    static HeapSubject& subject() { return *subject_; }

    static void expectTheTruth(const HeapGraph& graph) {
        const Counts reachable = countsOf(graph, true);
        ASSERT_GE(subject().counts().size(), 21U);
        for (const auto& [type, count] : subject().counts()) {
            const auto found = reachable.find(type);
            EXPECT_EQ(count, found == reachable.end() ? 0 : found->second) << type;
        }
    }

private:
    static inline std::unique_ptr<HeapSubject> subject_;
};

TEST_F(HeapGraphTest, ReachesExactlyWhatIsAlive) {
    expectTheTruth(graphOf(subject().pid()));
}

TEST_F(HeapGraphTest, HasTheObjectsOfTheCount) {
    Frozen frozen(subject().pid());
    const auto graph = frozen.build();
    const auto census = countObjects(frozen.dac(), frozen.heap());
    ASSERT_TRUE(graph && census);
    EXPECT_EQ(census->objects, graph->size());
    Counts expected;
    for (const TypeTotal& type : census->types) {
        expected[type.type] += type.instances;
    }
    EXPECT_EQ(expected, countsOf(*graph, false));
    EXPECT_LT(graph->reachableCount, graph->size()); // DeadMark and others
}

TEST_F(HeapGraphTest, NumbersInAddressOrder) {
    Frozen frozen(subject().pid());
    auto graph = frozen.build();
    ASSERT_TRUE(graph);
    fillAddresses(*graph);
    ASSERT_EQ(graph->size(), graph->addresses.size());
    EXPECT_TRUE(std::is_sorted(graph->addresses.begin(), graph->addresses.end()));
    EXPECT_EQ(graph->size() + 1U, graph->firstEdge.size());
    EXPECT_EQ(graph->edges.size(), graph->firstEdge[graph->size()]);
    for (std::uint32_t node = 0; node < graph->size(); node += 997) {
        const auto table = frozen.dac().readValue<std::uint64_t>(Address(graph->addresses[node]));
        ASSERT_TRUE(table);
        EXPECT_EQ(graph->types[graph->type[node]].methodTable, Address(*table & ~std::uint64_t{7}));
    }
    EXPECT_TRUE(std::all_of(graph->edges.begin(), graph->edges.end(),
                            [&](std::uint32_t node) { return node < graph->size(); }));
}

TEST_F(HeapGraphTest, NamesStatics) {
    const HeapGraph graph = graphOf(subject().pid());
    using testing::Pair;
    EXPECT_THAT(
        statics(graph, "Marks.Store."),
        testing::UnorderedElementsAre(
            Pair("Marks.Store.s_first", "Marks.StaticMark"), Pair("Marks.Store.s_second", "Marks.StaticMark"),
            Pair("Marks.Store.s_array", "Marks.StaticMark[]"), Pair("Marks.Store.s_boxed", "Marks.Boxed"),
            Pair("Marks.Store.s_list", "Marks.ListNode"),
            Pair("Marks.Store.s_payloads",
                 "System.Collections.Generic.Dictionary<System.String, Marks.Payload>"),
            Pair("Marks.Store.s_pairs", "System.Collections.Generic.List<Marks.Pair[]>"),
            Pair("Marks.Store.s_functions", "System.Collections.Generic.List<System.Func<System.Int32>>"),
            Pair("Marks.Store.s_large", "System.Collections.Generic.List<System.Object[]>"),
            Pair("Marks.Store.s_pinned", "System.Collections.Generic.List<System.Byte[]>"),
            Pair("Marks.Store.s_kept", "System.Collections.Generic.List<System.Object>"),
            Pair("Marks.Store.s_values", "System.Int32[]"),
            Pair("Marks.Store.s_counts",
                 "System.Collections.Generic.SortedDictionary<System.String, System.Int32>")));
    EXPECT_THAT(statics(graph, "Marks.Generic<"),
                testing::UnorderedElementsAre(Pair("Marks.Generic<System.Int32>.s_mark", "Marks.StaticMark"),
                                              Pair("Marks.Generic<System.String>.s_mark", "Marks.StaticMark"),
                                              Pair("Marks.Generic<System.String>.s_value", "System.String")));
    // Thread statics, and statics of collectible load contexts, are no statics of the process.
    EXPECT_THAT(statics(graph, "Marks.Threads.t_"), testing::IsEmpty());
    EXPECT_THAT(statics(graph, "Marks.Context"), testing::IsEmpty());
    // Named statics come first.
    EXPECT_TRUE(std::is_partitioned(graph.roots.begin(), graph.roots.end(),
                                    [](const GraphRoot& root) { return root.kind == RootKind::Static; }));
}

TEST_F(HeapGraphTest, SaysWhichThreadAndHandleHolds) {
    const HeapGraph graph = graphOf(subject().pid());
    std::map<std::string, std::set<std::string>> holders;
    for (const GraphRoot& root : graph.roots) {
        holders[graph.types[graph.type[root.object]].name].insert(graph.rootNames[root.name]);
    }
    EXPECT_THAT(holders["Marks.PinnedMark"], testing::ElementsAre("pinned handle"));
    EXPECT_THAT(holders["Marks.NormalMark"], testing::ElementsAre("strong handle"));
    EXPECT_THAT(holders["Marks.StackMark"], testing::Contains(testing::MatchesRegex(
                                                "thread [0-9]+ 'holder 3' stack, Marks.Threads.Hold")));
}

const GraphType* typeNamed(const HeapGraph& graph, const std::string& name) {
    const auto found = std::find_if(graph.types.begin(), graph.types.end(),
                                    [&](const GraphType& type) { return type.name == name; });
    return found == graph.types.end() ? nullptr : &*found;
}

TEST_F(HeapGraphTest, IsTheSameWithoutNamesOfRoots) {
    Frozen frozen(subject().pid());
    const auto named = frozen.build();
    GraphOptions options;
    options.rootNames = false;
    options.typeNames = GraphOptions::TypeNames::Reachable;
    const auto plain = frozen.build(options);
    ASSERT_TRUE(named && plain);
    EXPECT_EQ(named->reachableCount, plain->reachableCount);
    EXPECT_TRUE(std::ranges::equal(named->reachableBits.span(), plain->reachableBits.span()));
    EXPECT_EQ(countsOf(*named, true), countsOf(*plain, true));
    EXPECT_TRUE(std::ranges::none_of(plain->roots,
                                     [](const GraphRoot& root) { return root.kind == RootKind::Static; }));
    EXPECT_NE(nullptr, typeNamed(*named, "Marks.DeadMark"));
    EXPECT_EQ(nullptr, typeNamed(*plain, "Marks.DeadMark")); // none of them is reachable
}

TEST_F(HeapGraphTest, TakesNamesThatAreKnown) {
    Frozen frozen(subject().pid());
    const auto graph = frozen.build();
    ASSERT_TRUE(graph);
    const GraphType* node = typeNamed(*graph, "Marks.ListNode");
    ASSERT_NE(nullptr, node);
    const TypeLabels known = {{node->methodTable.value(), {"Known", "Known.dll"}}};
    GraphOptions options;
    options.known = &known;
    const auto again = frozen.build(options);
    ASSERT_TRUE(again);
    const GraphType* found = typeNamed(*again, "Known");
    ASSERT_NE(nullptr, found);
    EXPECT_EQ(node->methodTable, found->methodTable);
    EXPECT_EQ("Known.dll", found->module);
}

TEST_F(HeapGraphTest, KnowsWhichTypesMayBeUnloaded) {
    const HeapGraph graph = graphOf(subject().pid());
    for (const char* name : {"Marks.ListNode", "System.String", "Marks.StaticMark[]"}) {
        const GraphType* type = typeNamed(graph, name);
        ASSERT_NE(nullptr, type) << name;
        EXPECT_TRUE(type->permanent) << name;
    }
    int unloadable = 0;
    for (const GraphType& type : graph.types) {
        if (type.name == "Marks.ContextObject") {
            unloadable += 1;
            EXPECT_FALSE(type.permanent);
        }
    }
    EXPECT_EQ(5, unloadable); // one in each collectible load context
}

TEST_F(HeapGraphTest, KeepsToItsLimits) {
    Frozen frozen(subject().pid());
    const auto whole = frozen.build();
    ASSERT_TRUE(whole);
    GraphOptions options;
    options.maxNodes = whole->size();
    options.maxEdges = static_cast<std::uint32_t>(whole->edges.size());
    EXPECT_TRUE(frozen.build(options));
    options.maxNodes = whole->size() - 1;
    EXPECT_EQ(ErrorCode::Unsupported, frozen.build(options).error().code);
    options.maxNodes = whole->size();
    options.maxEdges -= 1;
    EXPECT_EQ(ErrorCode::Unsupported, frozen.build(options).error().code);
    const std::atomic<bool> cancelled{true};
    options = {};
    options.cancelled = &cancelled;
    EXPECT_EQ(ErrorCode::Cancelled, frozen.build(options).error().code);
    GcSegment huge = frozen.heap().segments.back();
    huge.objects = {huge.objects.end.alignUp(1U << 20U), huge.objects.end + (std::uint64_t{40} << 30U)};
    frozen.heap().segments.push_back(huge);
    EXPECT_EQ(ErrorCode::Unsupported, frozen.build().error().code);
    frozen.heap().structuresValid = false;
    EXPECT_EQ(ErrorCode::Unsupported, frozen.build().error().code);
}

TEST_F(HeapGraphTest, GoesOnBehindAHole) {
    Frozen frozen(subject().pid());
    const auto whole = frozen.build();
    ASSERT_TRUE(whole);
    // As if a thread were just allocating: the first object of each segment has no MethodTable yet.
    const auto largest = std::max_element(
        frozen.heap().segments.begin(), frozen.heap().segments.end(),
        [](const GcSegment& a, const GcSegment& b) { return a.objects.size() < b.objects.size(); });
    // Nor is there a pointer: what it leads to may look like a MethodTable.
    largest->objects.begin += 16;
    const auto holed = frozen.build();
    ASSERT_TRUE(holed);
    EXPECT_FALSE(holed->complete);
    EXPECT_NE(std::string::npos, holed->why.find("could not be walked")) << holed->why;
    EXPECT_LT(holed->size(), whole->size());
    EXPECT_GE(holed->size() + 20, whole->size());
}

class ChangingHeapTest : public HeapGraphTest {};

TEST_F(ChangingHeapTest, ReachesWhatACollectionLeaves) {
    subject().run("gc"); // what the first command makes for good is none of our business
    const HeapGraph before = graphOf(subject().pid());
    subject().run("gc");
    const HeapGraph after = graphOf(subject().pid());
    expectTheTruth(after);
    // Our own types to the last object; what the collection itself makes is of the runtime's own types.
    const Counts reachable = countsOf(before, true);
    const Counts left = countsOf(after, false);
    std::set<std::string> differing;
    for (const Counts* counts : {&reachable, &left}) {
        for (const auto& [type, count] : *counts) {
            const auto a = reachable.find(type);
            const auto b = left.find(type);
            if (a == reachable.end() || b == left.end() || a->second != b->second) {
                differing.insert(type);
            }
        }
    }
    EXPECT_LE(differing.size(), 12U) << testing::PrintToString(differing);
    for (const std::string& type : differing) {
        EXPECT_FALSE(type.starts_with("Marks.")) << type;
    }
}

TEST_F(ChangingHeapTest, CopesWithManyTypes) {
    constexpr std::uint32_t kTypes = 20'000;
    subject().run("types " + std::to_string(kTypes));
    const HeapGraph graph = graphOf(subject().pid());
    std::set<std::string> names;
    for (std::uint32_t node = 0; node < graph.size(); ++node) {
        const std::string& name = graph.types[graph.type[node]].name;
        if (name.starts_with("Marks.Digits<") && graph.isReachable(node)) {
            names.insert(name);
        }
    }
    EXPECT_EQ(kTypes, names.size());
}

TEST_F(ChangingHeapTest, NeverGuessesInAnAllocationStorm) {
    subject().run("storm");
    int walked = 0;
    constexpr int kStops = 20;
    for (int i = 0; i < kStops; ++i) {
        Frozen frozen(subject().pid());
        const auto graph = frozen.build();
        if (!frozen.heap().structuresValid) {
            EXPECT_EQ(ErrorCode::Unsupported, graph.error().code);
            continue;
        }
        ASSERT_TRUE(graph) << describe(graph.error());
        walked += graph->complete ? 1 : 0;
        EXPECT_EQ(graph->complete, graph->why.empty());
        if (graph->complete) {
            EXPECT_EQ(100'000U, countsOf(*graph, true)["Marks.ListNode"]);
        }
    }
    EXPECT_GT(walked, 0);
}

class ServerHeapGraphTest : public HeapGraphTest {
protected:
    static void SetUpTestSuite() { start({"DOTNET_gcServer=1"}); }
};

//! The GC adapts the number of its heaps (DATAS): handles of heaps not in use, and the statics that hang on
//! them, must be seen all the same.
TEST_F(ServerHeapGraphTest, ReachesExactlyWhatIsAlive) {
    expectTheTruth(graphOf(subject().pid()));
}

TEST_F(ServerHeapGraphTest, SeesAStaticLeak) {
    subject().run("leak 2000");
    const HeapGraph graph = graphOf(subject().pid());
    EXPECT_EQ(2000U, countsOf(graph, true)["Marks.Leaked"]);
    EXPECT_THAT(statics(graph, "Marks.Leak."),
                testing::ElementsAre(
                    testing::Pair("Marks.Leak.s_leaked", "System.Collections.Generic.List<Marks.Leaked>")));
}

class SegmentsHeapGraphTest : public HeapGraphTest {
protected:
    static void SetUpTestSuite() { start({"DOTNET_GCName=libclrgc.so"}); }
};
TEST_F(SegmentsHeapGraphTest, ReachesExactlyWhatIsAlive) {
    expectTheTruth(graphOf(subject().pid()));
}

} // namespace
} // namespace firstchance
