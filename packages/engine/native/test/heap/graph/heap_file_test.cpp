#include "heap/graph/heap_file.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cstring>
#include <map>

#include <nlohmann/json.hpp>

#include "core/temporary_folder.h"
#include "heap/graph/made_graph.h"

namespace firstchance {
namespace {

using test::TemporaryFolder;

//! \brief Reads a heap file by docs/heap-file.md alone.
class Reader {
public:
    explicit Reader(const std::string& path) : bytes_(test::readFile(path)) {
        EXPECT_EQ(std::memcmp(bytes_.data(), "FCHEAP\0\1", 8), 0);
        EXPECT_EQ(at<std::uint32_t>(8), 1U);
        EXPECT_EQ(at<std::uint64_t>(16), bytes_.size());
        EXPECT_EQ(at<std::uint64_t>(24), 0U);
        const auto sections = at<std::uint32_t>(12);
        std::uint64_t end = 32 + std::uint64_t{sections} * 24;
        for (std::uint32_t i = 0; i < sections; ++i) {
            const std::size_t entry = 32 + std::size_t{i} * 24;
            const Section section{at<std::uint32_t>(entry + 4), at<std::uint64_t>(entry + 8),
                                  at<std::uint64_t>(entry + 16)};
            EXPECT_EQ(section.offset % 8, 0U);
            EXPECT_GE(section.offset, end);
            end = section.offset + section.count * section.element;
            EXPECT_LE(end, bytes_.size());
            EXPECT_TRUE(sections_.emplace(at<std::uint32_t>(entry), section).second);
        }
        EXPECT_EQ(end, bytes_.size());
    }

    template <class T> [[nodiscard]] std::vector<T> list(std::uint32_t id, std::size_t perElement = 1) const {
        const Section section = sections_.at(id);
        EXPECT_EQ(section.element, sizeof(T) * perElement) << "section " << id;
        std::vector<T> values(section.count * perElement);
        if (!values.empty()) { // an empty vector may have no address, which memcpy forbids
            std::memcpy(values.data(), bytes_.data() + section.offset, values.size() * sizeof(T));
        }
        return values;
    }
    [[nodiscard]] std::string text(std::uint32_t offset, std::uint32_t length) const {
        const auto bytes = list<char>(2);
        return std::string(bytes.data(), bytes.size()).substr(offset, length);
    }
    [[nodiscard]] nlohmann::json meta() const {
        const auto bytes = list<char>(1);
        return nlohmann::json::parse(bytes.begin(), bytes.end());
    }
    [[nodiscard]] bool has(std::uint32_t id) const { return sections_.contains(id); }

private:
    struct Section {
        std::uint32_t element;
        std::uint64_t offset;
        std::uint64_t count;
    };
    template <class T> [[nodiscard]] T at(std::size_t offset) const {
        T value{};
        std::memcpy(&value, bytes_.data() + offset, sizeof value);
        return value;
    }

    std::vector<std::byte> bytes_;
    std::map<std::uint32_t, Section> sections_;
};

class HeapFile : public testing::Test {
protected:
    TemporaryFolder folder;
    std::string path = folder.file("heap.fch");
    HeapFileMeta meta{"1.2.3",
                      "2026-11-25T22:00:00Z",
                      42,
                      "shop",
                      {"dotnet", "shop.dll", "\xff\xfe"},
                      "10.0.12",
                      "x64",
                      6.5,
                      true,
                      640,
                      {"a note"},
                      {{"shop.dll", "/app/shop.dll", "0f8fad5b-d9cb-469f-a165-70867728950e"}}};

    [[nodiscard]] HeapFileWritten write(const HeapGraph& graph,
                                        const Dominators* dominators = nullptr) const {
        const auto written = writeHeapFile(graph, dominators, meta, path);
        EXPECT_TRUE(written) << describe(written.error());
        return *written;
    }
    //! \brief 0 and 4 are garbage; 1 → 3, 3 → 1 and twice 5.
    static HeapGraph smallGraph() {
        HeapGraph graph = test::makeGraph({{1}, {3}, {}, {1, 5, 5}, {4}, {}}, {1, 2, 1});
        graph.types = {{Address(0x1000), "Shop.Cart", "Shop.dll"},
                       {Address(0x2000), "System.String", "System.Private.CoreLib.dll"},
                       {Address(0x3000), "Shop.Cart[]", "Shop.dll"}};
        graph.type[5] = 1;
        graph.type[4] = 2;
        graph.rootNames = {"", "static Shop.Store.s_carts"};
        graph.roots[0].name = 1;
        graph.roots[0].kind = RootKind::Static;
        graph.roots[2].kind = RootKind::Frozen;
        test::markReachable(graph);
        return graph;
    }
};

TEST_F(HeapFile, holdsReachableNodesWithNewNumbers) {
    const HeapFileWritten written = write(smallGraph());
    const Reader file(path);
    using testing::ElementsAre;
    EXPECT_THAT(file.list<std::uint64_t>(5), ElementsAre(0x10100, 0x10200, 0x10300, 0x10500));
    EXPECT_THAT(file.list<std::uint32_t>(6), ElementsAre(0, 0, 0, 1));
    EXPECT_THAT(file.list<std::uint32_t>(7), ElementsAre(4, 5, 6, 8));
    EXPECT_THAT(file.list<std::uint32_t>(8), ElementsAre(0, 1, 1, 4, 4));
    EXPECT_THAT(file.list<std::uint32_t>(9), ElementsAre(2, 0, 3, 3));
    EXPECT_THAT(file.list<std::uint32_t>(10), ElementsAre(0, 1, 0));
    EXPECT_THAT(file.list<std::uint8_t>(11), ElementsAre(1, 4, 10));
    EXPECT_FALSE(file.has(13) || file.has(14));
    EXPECT_EQ(written.objects, 4U);
    EXPECT_EQ(written.objectBytes, 8U * (4 + 5 + 6 + 8));
    EXPECT_EQ(written.unreachableObjects, 2U);
    EXPECT_EQ(written.unreachableBytes, 8U * (3 + 7));
}

TEST_F(HeapFile, namesTypesAndRoots) {
    static_cast<void>(write(smallGraph()));
    const Reader file(path);
    const auto types = file.list<std::uint32_t>(3, 5);
    ASSERT_EQ(types.size(), 15U);
    EXPECT_EQ(file.text(types[0], types[1]), "Shop.Cart");
    EXPECT_EQ(file.text(types[2], types[3]), "Shop.dll");
    EXPECT_EQ(types[4], 0U);
    EXPECT_EQ(file.text(types[5], types[6]), "System.String");
    EXPECT_EQ(types[9], 2U);
    EXPECT_EQ(file.text(types[10], types[11]), "Shop.Cart[]");
    EXPECT_EQ(file.text(types[12], types[13]), "Shop.dll");
    EXPECT_EQ(types[14], 1U);
    EXPECT_THAT(file.list<std::uint64_t>(4), testing::ElementsAre(0x1000, 0x2000, 0x3000));
    const auto names = file.list<std::uint32_t>(12, 2);
    EXPECT_EQ(file.text(names[0], names[1]), "static Shop.Store.s_carts");
    EXPECT_EQ(names[3], 0U);
}

TEST_F(HeapFile, tellsOfProcessAndGarbage) {
    HeapGraph graph = smallGraph();
    graph.complete = false;
    graph.why = "a hole";
    static_cast<void>(write(graph));
    const Reader file(path);
    // { u32 type; u32 0; u64 instances; u64 bytes } as pairs of u32
    EXPECT_THAT(file.list<std::uint32_t>(15, 6), testing::ElementsAre(0, 0, 1, 0, 24, 0, 2, 0, 1, 0, 56, 0));
    const auto json = file.meta();
    EXPECT_EQ(json["process"]["commandLine"][2], "\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_EQ(json["pid"], 42);
    EXPECT_EQ(json["gc"], "server");
    EXPECT_EQ(json["complete"], false);
    EXPECT_EQ(json["why"], "a hole");
    EXPECT_EQ(json["objects"], 4);
    EXPECT_EQ(json["unreachableBytes"], 80);
    EXPECT_EQ(json["freeBytes"], 640);
    EXPECT_EQ(json["modules"].size(), 1U);
    EXPECT_EQ(json["modules"][0]["path"], "/app/shop.dll");
    EXPECT_EQ(json["modules"][0]["mvid"], "0f8fad5b-d9cb-469f-a165-70867728950e");
}

TEST_F(HeapFile, tellsWhoHoldsNativeMemory) {
    const HeapGraph graph = smallGraph();
    NativeOwners native;
    native.holdings = {{2, NativeKind::Malloc, 1, 64'016}, {5, NativeKind::File, 255, 1ULL << 40U}};
    native.totals[0] = {7, 100'000, 64'016};
    native.why = "it was cancelled";
    ASSERT_TRUE(writeHeapFile(graph, nullptr, meta, path, nullptr, &native));
    const Reader file(path);
    // { u32 node; u8 kind; u8 depth; u16 0; u64 bytes } as four of u32
    EXPECT_THAT(file.list<std::uint32_t>(16, 4),
                testing::ElementsAre(1, 0x101, 64'016, 0, 3, 0xff03, 0, 1U << 8U));
    const auto json = file.meta()["native"];
    EXPECT_EQ(json["why"], "it was cancelled");
    EXPECT_EQ(json["malloc"], nlohmann::json({{"blocks", 7}, {"bytes", 100'000}, {"heldBytes", 64'016}}));
    EXPECT_EQ(json["file"]["bytes"], 0);
    path = folder.file("without.fch");
    static_cast<void>(write(graph));
    EXPECT_FALSE(Reader(path).has(16));
    EXPECT_FALSE(Reader(path).meta().contains("native"));
}

TEST_F(HeapFile, ofRandomGraphsIsTheGraph) {
    std::mt19937 random(3);
    for (int i = 0; i < 50; ++i) {
        HeapGraph graph = test::randomGraph(random, 5000);
        test::markReachable(graph);
        const auto dominators = computeDominators(graph);
        ASSERT_TRUE(dominators);
        path = folder.file(std::to_string(i));
        const HeapFileWritten written = write(graph, &*dominators);
        const Reader file(path);
        const auto address = file.list<std::uint64_t>(5);
        const auto first = file.list<std::uint32_t>(8);
        const auto edges = file.list<std::uint32_t>(9);
        const auto idom = file.list<std::uint32_t>(13);
        const auto retained = file.list<std::uint64_t>(14);
        ASSERT_EQ(address.size(), graph.reachableCount);
        ASSERT_EQ(written.objects + written.unreachableObjects, graph.size());
        std::size_t at = 0;
        for (std::uint32_t node = 0; node < graph.size(); ++node) {
            if (!graph.isReachable(node)) {
                continue;
            }
            ASSERT_EQ(address[at], graph.addresses[node]);
            ASSERT_EQ(retained[at], dominators->retained[node]);
            const std::uint32_t by = dominators->idom[node];
            ASSERT_EQ(idom[at] == UINT32_MAX ? 0 : address[idom[at]],
                      by == HeapGraph::kNoNode ? 0 : graph.addresses[by]);
            const auto references = graph.referencesOf(node);
            ASSERT_EQ(first[at + 1] - first[at], references.size());
            for (std::size_t edge = 0; edge < references.size(); ++edge) {
                ASSERT_EQ(address[edges[first[at] + edge]], graph.addresses[references[edge]]);
            }
            at += 1;
        }
    }
}

TEST_F(HeapFile, ofAnEmptyHeapIsWhole) {
    HeapGraph graph = test::makeGraph({}, {});
    test::markReachable(graph);
    static_cast<void>(write(graph));
    EXPECT_THAT(Reader(path).list<std::uint32_t>(8), testing::ElementsAre(0));
}

TEST_F(HeapFile, isForItsOwnerOnly) {
    static_cast<void>(write(smallGraph()));
    struct stat info {};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0600U);
}

TEST_F(HeapFile, leavesNothingWhenItDoesNotFit) {
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    std::vector<std::vector<std::uint32_t>> references(100'000);
    references[0].resize(100'000, 1);
    HeapGraph graph = test::makeGraph(references, {0});
    test::markReachable(graph);
    const rlimit small{200'000, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto written = writeHeapFile(graph, nullptr, meta, path);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::DiskFull);
    EXPECT_THAT(folder.names(), testing::IsEmpty());
}

TEST_F(HeapFile, leavesNothingWhenCancelled) {
    const std::atomic<bool> cancelled = true;
    const auto written = writeHeapFile(smallGraph(), nullptr, meta, path, &cancelled);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::Cancelled);
    EXPECT_THAT(folder.names(), testing::IsEmpty());
}

TEST_F(HeapFile, needsMarksAndAddresses) {
    HeapGraph graph = smallGraph();
    graph.addresses = {};
    const auto written = writeHeapFile(graph, nullptr, meta, path);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::InvalidArgument);
}

} // namespace
} // namespace firstchance
