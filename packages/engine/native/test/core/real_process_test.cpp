#include <gmock/gmock.h>

#include "core/core_file.h"
#include "core/core_writer.h"
#include "core/image_parts.h"
#include "stopped_child.h"
#include "temporary_folder.h"

namespace firstchance {
namespace {

using test::StoppedChild;
using test::TemporaryFolder;
using testing::HasSubstr;

bool have(const std::string& program) {
    return test::runCommand("command -v " + program).status == 0;
}

Result<WrittenCore> write(const ProcessImage& image, const MemorySelection& selection,
                          const std::string& path, bool compressed) {
    CoreOptions options;
    options.path = path;
    options.compressed = compressed;
    return writeCore(image, selection, options);
}

TEST(RealProcess, everySelectedByteReadsBackAndTheProcessIsUnharmed) {
    StoppedChild child;
    TemporaryFolder folder;
    MemorySelection selection;
    selectImageParts(child, selection);
    selectPrivateMemory(child, selection);
    for (const bool compressed : {false, true}) {
        const std::string path = folder.file(compressed ? "packed" : "plain");
        const auto written = write(child, selection, path, compressed);
        ASSERT_TRUE(written) << describe(written.error());
        const auto core = CoreFile::open(path);
        ASSERT_TRUE(core) << describe(core.error());
        std::size_t compared = 0;
        for (const AddressRange& range : selection.ranges()) {
            for (Address page = range.begin; page < range.end; page += kCorePage) {
                std::vector<std::byte> expected(kCorePage);
                std::vector<std::byte> actual(kCorePage);
                if (child.read(page, expected) == kCorePage) {
                    ASSERT_EQ((*core)->read(page, actual), kCorePage);
                    ASSERT_EQ(actual, expected) << std::hex << page.value();
                    ++compared;
                }
            }
        }
        EXPECT_GT(compared, child.block().size() / kCorePage);
        EXPECT_EQ((*core)->threads().size(), 4U);
        EXPECT_EQ((*core)->pid(), child.pid());
    }
    EXPECT_EQ(child.finish(), 0);
}

TEST(RealProcess, codeThatIsNotInTheCoreComesFromTheModuleFile) {
    StoppedChild child;
    TemporaryFolder folder;
    MemorySelection selection;
    selectImageParts(child, selection);
    ASSERT_TRUE(write(child, selection, folder.file("core"), true));
    const auto core = CoreFile::open(folder.file("core"));
    ASSERT_TRUE(core) << describe(core.error());
    std::size_t pages = 0;
    for (const Mapping& mapping : child.mappings()) {
        if (!mapping.isFile() || !mapping.executable) {
            continue;
        }
        for (Address page = mapping.range.begin; page < mapping.range.end; page += kCorePage) {
            std::vector<std::byte> expected(kCorePage);
            std::vector<std::byte> actual(kCorePage);
            ASSERT_EQ(child.read(page, expected), kCorePage);
            if ((*core)->privatePages({page, page + kCorePage}).empty()) {
                ++pages;
                ASSERT_EQ((*core)->read(page, actual), kCorePage) << mapping.path;
                ASSERT_EQ(actual, expected);
            }
        }
    }
    EXPECT_GT(pages, 100U); // libc alone has more
}

TEST(RealProcess, gdbShowsThreadsAndLibraries) {
    if (!have("gdb")) {
        GTEST_SKIP() << "gdb is not installed";
    }
    StoppedChild child;
    TemporaryFolder folder;
    MemorySelection selection;
    selectImageParts(child, selection);
    CoreOptions options;
    options.path = folder.file("core");
    options.compressed = false;
    options.firstThread = child.threads()[2].tid;
    ASSERT_TRUE(writeCore(child, selection, options));
    const auto gdb = test::runCommand(
        "gdb -nx -batch -ex 'set debuginfod enabled off' -ex 'info threads' -ex 'info sharedlibrary' "
        "-ex 'thread apply all bt 3' " +
        StoppedChild::program() + " " + folder.file("core"));
    for (const ThreadImage& thread : child.threads()) {
        EXPECT_THAT(gdb.text, HasSubstr("LWP " + std::to_string(thread.tid)));
    }
    EXPECT_THAT(gdb.text, HasSubstr("* 1    "));
    EXPECT_THAT(gdb.text, testing::ContainsRegex("\\* 1 .*LWP " + std::to_string(options.firstThread)));
    EXPECT_THAT(gdb.text, HasSubstr("libc.so.6"));
    EXPECT_THAT(gdb.text, HasSubstr("read"));
    EXPECT_THAT(gdb.text, testing::Not(HasSubstr("Cannot access memory")));
    EXPECT_THAT(gdb.text, testing::Not(HasSubstr("truncated")));
    EXPECT_EQ(child.finish(), 0);
}

TEST(RealProcess, readelfHasNothingToComplainAbout) {
    if (!have("readelf")) {
        GTEST_SKIP() << "readelf is not installed";
    }
    StoppedChild child;
    TemporaryFolder folder;
    MemorySelection selection;
    selectImageParts(child, selection);
    ASSERT_TRUE(write(child, selection, folder.file("core"), false));
    const auto readelf = test::runCommand("readelf -W -h -l -n " + folder.file("core") + " | cut -c 1-120");
    EXPECT_EQ(readelf.status, 0);
    EXPECT_THAT(readelf.text, HasSubstr("CORE (Core file)"));
    EXPECT_THAT(readelf.text, HasSubstr("NT_FILE"));
    EXPECT_THAT(readelf.text, HasSubstr("NT_PRSTATUS"));
    EXPECT_THAT(readelf.text, testing::Not(HasSubstr("Warning")));
    EXPECT_THAT(readelf.text, testing::Not(HasSubstr("Error")));
}

TEST(RealProcess, aCoreOfGdbOpensToo) {
    if (!have("gdb")) {
        GTEST_SKIP() << "gdb is not installed";
    }
    StoppedChild child;
    TemporaryFolder folder;
    // gdb takes a core of a process it starts itself: ours is traced already.
    const auto gdb =
        test::runCommand("gdb -nx -batch -ex 'break read' -ex 'run < /dev/null' -ex 'generate-core-file " +
                         folder.file("core") + "' -ex kill " + StoppedChild::program());
    const auto core = CoreFile::open(folder.file("core"));
    ASSERT_TRUE(core) << describe(core.error()) << gdb.text;
    EXPECT_FALSE((*core)->isOurs());
    EXPECT_GE((*core)->threads().size(), 1U);
    EXPECT_FALSE((*core)->auxiliaryVector().empty());
    bool libc = false;
    for (const Mapping& mapping : (*core)->mappings()) {
        libc = libc || mapping.path.find("libc.so.6") != std::string::npos;
    }
    EXPECT_TRUE(libc);
    const ThreadImage& thread = (*core)->threads().front();
    EXPECT_TRUE((*core)->readValue<std::uint64_t>(thread.stackPointer()));
    EXPECT_TRUE((*core)->readValue<std::uint32_t>(thread.programCounter()));
}

} // namespace
} // namespace firstchance
