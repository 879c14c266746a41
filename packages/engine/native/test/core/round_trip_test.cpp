#include <gmock/gmock.h>
#include <sys/stat.h>

#include "core/core_file.h"
#include "core/core_layout.h"
#include "core/core_writer.h"
#include "core/unpack.h"
#include "fake_image.h"
#include "temporary_folder.h"

namespace firstchance {
namespace {

using test::FakeImage;
using test::TemporaryFolder;

//! \brief Some MB in every shape: full, sparse, untouched, protected, unreadable.
void furnish(FakeImage& image) {
    image.map(0x400000, 0x4000, "r-xp", "/opt/app/app", 0);
    image.map(0x404000, 0x2000, "rw-p", "/opt/app/app", 0x4000);
    image.map(0x10000000, 3 << 20);
    image.map(0x20000000, 2 << 20);
    image.map(0x20200000, 1 << 20, "---p");
    image.map(0x20300000, 1 << 20);
    image.map(0x7f0000000000, 0x9000, "rw-p", "[stack]");
    image.fill(0x400000, 0x6000);
    image.fill(0x10000000, 3 << 20);
    image.fill(0x20010000, 0x3000);
    image.fill(0x20350000, 0x21000);
    image.fill(0x7f0000000000, 0x9000);
    image.unreadable = {0x10005000, 0x10006000};
    image.addThread(4712);
}

MemorySelection allOf(const ProcessImage& image) {
    MemorySelection selection;
    for (const Mapping& mapping : image.mappings()) {
        selection.add(mapping.range);
    }
    selection.addWhole({Address(0x20000000), Address(0x20400000)});
    return selection;
}

class RoundTrip : public testing::TestWithParam<bool> {
protected:
    Result<WrittenCore> write(const ProcessImage& image, const MemorySelection& selection,
                              const std::string& name, int threads = 1) {
        CoreOptions options;
        options.path = folder.file(name);
        options.compressed = GetParam();
        options.threads = threads;
        options.firstThread = 4712;
        options.runtimeBase = Address(0x123000);
        return writeCore(image, selection, options);
    }

    TemporaryFolder folder;
};

void expectSameMemory(const FakeImage& image, const CoreFile& core) {
    for (const Mapping& mapping : image.mappings()) {
        if (!mapping.readable) {
            continue;
        }
        for (Address page = mapping.range.begin; page < mapping.range.end; page += kCorePage) {
            std::vector<std::byte> expected(kCorePage);
            std::vector<std::byte> actual(kCorePage, std::byte{0xee});
            image.read(page, expected); // an unreadable page is zero in the core
            ASSERT_EQ(core.read(page, actual), kCorePage) << std::hex << page.value();
            ASSERT_EQ(actual, expected) << std::hex << page.value();
        }
    }
}

TEST_P(RoundTrip, everyByteComesBack) {
    FakeImage image;
    furnish(image);
    const auto written = write(image, allOf(image), "core");
    ASSERT_TRUE(written) << describe(written.error());
    EXPECT_EQ(written->unreadableBytes, 0x2000U);
    EXPECT_EQ(written->closedGapBytes, 0U);

    const auto core = CoreFile::open(folder.file("core"));
    ASSERT_TRUE(core) << describe(core.error());
    EXPECT_TRUE((*core)->isOurs());
    EXPECT_EQ((*core)->isCompressed(), GetParam());
    EXPECT_EQ((*core)->rawBytes(), written->rawBytes);
    EXPECT_EQ((*core)->runtimeBase(), Address(0x123000));
    EXPECT_EQ((*core)->pid(), 4711);
    EXPECT_EQ((*core)->commandName(), "fake");
    expectSameMemory(image, **core);

    // Inside the whole range the protected part is there, as zeros.
    EXPECT_EQ((*core)->readValue<std::uint64_t>(Address(0x20280000)), 0U);
    // Outside of everything nothing is.
    EXPECT_FALSE((*core)->readValue<std::uint64_t>(Address(0x30000000)));
    // A read that runs out of memory returns what there is.
    std::vector<std::byte> tail(0x3000);
    EXPECT_EQ((*core)->read(Address(0x7f0000008000), tail), 0x1000U);
}

TEST_P(RoundTrip, threadsAndMappingsComeBack) {
    FakeImage image;
    furnish(image);
    ASSERT_TRUE(write(image, allOf(image), "core"));
    const auto core = CoreFile::open(folder.file("core"));
    ASSERT_TRUE(core) << describe(core.error());
    ASSERT_EQ((*core)->threads().size(), 2U);
    EXPECT_EQ((*core)->threads()[0].tid, 4712);
    for (const ThreadImage& thread : image.threads()) {
        const auto found = std::find_if((*core)->threads().begin(), (*core)->threads().end(),
                                        [&](const ThreadImage& t) { return t.tid == thread.tid; });
        ASSERT_NE(found, (*core)->threads().end());
        EXPECT_EQ(found->generalRegisters, thread.generalRegisters);
        EXPECT_EQ(found->floatRegisters, thread.floatRegisters);
        EXPECT_EQ(found->extraRegisters, thread.extraRegisters);
        EXPECT_EQ(found->programCounter(), thread.programCounter());
    }
    const Mapping* text = (*core)->findMapping(Address(0x401000));
    ASSERT_NE(text, nullptr);
    EXPECT_EQ(text->path, "/opt/app/app");
    EXPECT_TRUE(text->executable);
    const Mapping* data = (*core)->findMapping(Address(0x404000));
    ASSERT_NE(data, nullptr);
    EXPECT_EQ(data->fileOffset, 0x4000U);
    const Mapping* heap = (*core)->findMapping(Address(0x10000000));
    ASSERT_NE(heap, nullptr);
    EXPECT_TRUE(heap->path.empty());
    EXPECT_EQ((*core)->findMapping(kDiagnosticInfoAddress), nullptr);
    const auto auxiliary = (*core)->auxiliaryVector();
    EXPECT_TRUE(std::equal(auxiliary.begin(), auxiliary.end(), image.auxiliaryVector().begin()));
}

TEST_P(RoundTrip, aCoreOfACoreIsTheSame) {
    FakeImage image;
    furnish(image);
    ASSERT_TRUE(write(image, allOf(image), "core"));
    const auto core = CoreFile::open(folder.file("core"));
    ASSERT_TRUE(core);
    ASSERT_TRUE(write(**core, allOf(**core), "again"));
    const auto again = CoreFile::open(folder.file("again"));
    ASSERT_TRUE(again) << describe(again.error());
    expectSameMemory(image, **again);
    EXPECT_EQ((*again)->threads().size(), 2U);
}

TEST_P(RoundTrip, severalThreadsWriteTheSameFile) {
    FakeImage image;
    furnish(image);
    ASSERT_TRUE(write(image, allOf(image), "one", 1));
    ASSERT_TRUE(write(image, allOf(image), "four", 4));
    EXPECT_EQ(test::readFile(folder.file("one")), test::readFile(folder.file("four")));
}

TEST_P(RoundTrip, onlyTheOwnerMayReadTheFileAndNothingElseIsLeft) {
    FakeImage image;
    furnish(image);
    ASSERT_TRUE(write(image, allOf(image), "core"));
    struct stat info {};
    ASSERT_EQ(::stat(folder.file("core").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0600U);
    EXPECT_THAT(folder.names(), testing::ElementsAre("core"));
}

TEST_P(RoundTrip, emptySelectionIsStillACore) {
    FakeImage image;
    const auto written = write(image, {}, "core");
    ASSERT_TRUE(written) << describe(written.error());
    EXPECT_TRUE(CoreFile::open(folder.file("core")));
}

TEST_P(RoundTrip, progressEndsAtTheTotal) {
    FakeImage image;
    furnish(image);
    std::vector<std::pair<std::uint64_t, std::uint64_t>> calls;
    CoreOptions options;
    options.path = folder.file("core");
    options.compressed = GetParam();
    options.progress = [&](std::uint64_t done, std::uint64_t total) { calls.emplace_back(done, total); };
    const auto written = writeCore(image, allOf(image), options);
    ASSERT_TRUE(written);
    ASSERT_FALSE(calls.empty());
    EXPECT_EQ(calls.back().first, written->rawBytes);
    EXPECT_EQ(calls.back().second, written->rawBytes);
    EXPECT_TRUE(std::is_sorted(calls.begin(), calls.end()));
}

TEST_P(RoundTrip, moreThan8000SegmentsMergeAndReadBack) {
    FakeImage image;
    MemorySelection selection;
    image.map(0x10000000, 40000ULL * 0x2000);
    for (std::uint64_t i = 0; i < 20000; ++i) {
        const std::uint64_t page = 0x10000000 + i * (i % 7 == 0 ? 0x4000 : 0x3000);
        image.fill(page, kCorePage);
        selection.add(Address(page), kCorePage);
    }
    const auto written = write(image, selection, "core");
    ASSERT_TRUE(written) << describe(written.error());
    EXPECT_LE(written->segments + 1, kMaxProgramHeaders);
    EXPECT_GT(written->closedGapBytes, 0U);
    const auto core = CoreFile::open(folder.file("core"));
    ASSERT_TRUE(core) << describe(core.error());
    for (const AddressRange& range : selection.ranges()) {
        std::vector<std::byte> expected(range.size());
        std::vector<std::byte> actual(range.size());
        image.read(range.begin, expected);
        ASSERT_EQ((*core)->read(range.begin, actual), actual.size());
        ASSERT_EQ(actual, expected);
    }
}

INSTANTIATE_TEST_SUITE_P(, RoundTrip, testing::Bool(),
                         [](const auto& test) { return test.param ? "compressed" : "plain"; });

TEST(RoundTripFiles, compressedAndPlainAreTheSameCore) {
    FakeImage image;
    furnish(image);
    TemporaryFolder folder;
    CoreOptions options;
    options.path = folder.file("plain");
    options.compressed = false;
    ASSERT_TRUE(writeCore(image, allOf(image), options));
    options.path = folder.file("packed");
    options.compressed = true;
    ASSERT_TRUE(writeCore(image, allOf(image), options));
    const auto command =
        test::runCommand("zstd -q -dc < " + folder.file("packed") + " > " + folder.file("unpacked"));
    ASSERT_EQ(command.status, 0) << command.text;
    EXPECT_EQ(test::readFile(folder.file("unpacked")), test::readFile(folder.file("plain")));
    const auto size = unpackCore(folder.file("packed"), folder.file("ours"));
    ASSERT_TRUE(size) << describe(size.error());
    EXPECT_EQ(test::readFile(folder.file("ours")), test::readFile(folder.file("plain")));
}

TEST(RoundTripFiles, plainCoresAreSparse) {
    FakeImage image;
    image.map(0x10000000, 256 << 20);
    image.fill(0x10800000, 0x10000);
    TemporaryFolder folder;
    CoreOptions options;
    options.path = folder.file("core");
    options.compressed = false;
    const auto written = writeCore(image, allOf(image), options);
    ASSERT_TRUE(written);
    EXPECT_GT(written->rawBytes, 256U << 20);
    EXPECT_LT(written->bytes, 1U << 20);
}

} // namespace
} // namespace firstchance
