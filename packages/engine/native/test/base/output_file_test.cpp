#include "base/output_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "core/temporary_folder.h"

namespace firstchance {
namespace {

using test::TemporaryFolder;

class Naming : public testing::TestWithParam<OutputFile::Naming> {
protected:
    const std::vector<std::byte> bytes{std::byte{1}, std::byte{2}};
    TemporaryFolder folder;
};

TEST_P(Naming, appearsOnlyWhenPublished) {
    auto file = OutputFile::create(folder.file("out"), GetParam());
    ASSERT_TRUE(file) << describe(file.error());
    ASSERT_TRUE(file->writeAt(0, bytes));
    EXPECT_THAT(folder.names(), testing::Not(testing::Contains("out")));
    ASSERT_TRUE(file->publish());
    EXPECT_THAT(folder.names(), testing::ElementsAre("out"));
    EXPECT_EQ(test::readFile(folder.file("out")), bytes);
    struct stat info {};
    ASSERT_EQ(::stat(folder.file("out").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0600U);
}

TEST_P(Naming, leavesNothingWhenNotPublished) {
    {
        auto file = OutputFile::create(folder.file("out"), GetParam());
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->writeAt(0, bytes));
        auto moved = std::move(*file);
        ASSERT_TRUE(moved.writeAt(2, bytes));
    }
    EXPECT_THAT(folder.names(), testing::IsEmpty());
}

TEST_P(Naming, neverReplacesAFileThatCameInTheMeantime) {
    auto file = OutputFile::create(folder.file("out"), GetParam());
    ASSERT_TRUE(file);
    test::writeFile(folder.file("out"), {std::byte{9}});
    const auto published = file->publish();
    ASSERT_FALSE(published);
    EXPECT_EQ(published.error().code, ErrorCode::OutputNotWritable);
    EXPECT_EQ(test::readFile(folder.file("out")), std::vector<std::byte>{std::byte{9}});
}

TEST_P(Naming, refusesANameThatExistsEvenAsALinkToNowhere) {
    ASSERT_EQ(::symlink("/nonexistent/elsewhere", folder.file("out").c_str()), 0);
    const auto file = OutputFile::create(folder.file("out"), GetParam());
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().systemError, EEXIST);
}

INSTANTIATE_TEST_SUITE_P(
    , Naming, testing::Values(OutputFile::Naming::UnnamedIfPossible, OutputFile::Naming::PartialName),
    [](const auto& test) { return test.param == OutputFile::Naming::PartialName ? "partial" : "unnamed"; });

TEST(OutputFile, namesTheFolderThatIsMissing) {
    TemporaryFolder folder;
    const auto file = OutputFile::create(folder.file("missing/out"));
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::OutputNotWritable);
    EXPECT_EQ(file.error().systemError, ENOENT);
    EXPECT_THAT(describe(file.error()), testing::HasSubstr("Create the folder"));
}

TEST(OutputFile, aFolderIsNoFile) {
    TemporaryFolder folder;
    EXPECT_FALSE(OutputFile::create(folder.path() + "/"));
    EXPECT_FALSE(OutputFile::create("/dev/null/out"));
}

} // namespace
} // namespace firstchance
