#include "clr/runtime_location.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cctype>
#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>

#include "clr/clr_fixture.h"
#include "clr/elf_image.h"
#include "clr/runtime_build.h"

namespace firstchance {
namespace {

class RuntimeLocationTest : public ClrTest {};

TEST_F(RuntimeLocationTest, NamesTheRuntimeOfADotnetProcess) {
    EXPECT_EQ(RuntimeKind::CoreClr, runtime().kind);
    EXPECT_EQ(facts().at("runtime"), runtime().version);
    EXPECT_EQ("libcoreclr.so", std::filesystem::path(runtime().path).filename());
    EXPECT_EQ(runtime().directory + "/libmscordaccore.so", runtime().dacPath);
    EXPECT_EQ(40U, runtime().buildId.size());
    EXPECT_FALSE(runtime().musl);
    const Mapping* mapping = image().findMapping(runtime().base);
    ASSERT_NE(nullptr, mapping);
    EXPECT_EQ(runtime().path, mapping->path);
    EXPECT_EQ(0U, mapping->fileOffset);
}

TEST_F(RuntimeLocationTest, ReadsTheVersionFromTheImageWhenThePathDoesNotTell) {
    const auto text = readBuildText(image(), runtime().base);
    ASSERT_TRUE(text);
    EXPECT_EQ(runtime().version, versionFromBuildText(*text));
}

TEST_F(RuntimeLocationTest, FindsExportsButNothingElse) {
    const auto elf = ElfImage::read(image(), runtime().base);
    ASSERT_TRUE(elf);
    const auto table = elf->findSymbol("g_dacTable");
    ASSERT_TRUE(table);
    const Mapping* mapping = image().findMapping(*table);
    ASSERT_NE(nullptr, mapping);
    EXPECT_FALSE(elf->findSymbol("g_dacTabl"));
    EXPECT_FALSE(elf->findSymbol("no_such_symbol"));
    EXPECT_FALSE(elf->findSymbol(""));
}

TEST(RuntimeLocation, SaysThatANativeProcessIsNotDotnet) {
    const pid_t child = fork();
    if (child == 0) {
        execlp("sleep", "sleep", "60", static_cast<char*>(nullptr));
        _exit(1);
    }
    {
        const StoppedProcess image(child);
        const auto runtime = locateRuntime(image);
        ASSERT_FALSE(runtime);
        EXPECT_EQ(ErrorCode::NotDotNet, runtime.error().code);
        EXPECT_NE(std::string::npos, runtime.error().what.find(std::to_string(child)));
    }
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
}

TEST(RuntimeVersion, ComesFromTheSharedFrameworksFolder) {
    EXPECT_EQ("10.0.12", versionFromPath("/usr/share/dotnet/shared/Microsoft.NETCore.App/10.0.12"));
    EXPECT_EQ("11.0.0-preview.1.26104.1",
              versionFromPath("/d/shared/Microsoft.NETCore.App/11.0.0-preview.1.26104.1"));
    EXPECT_EQ("", versionFromPath("/srv/app"));
    EXPECT_EQ("", versionFromPath("/srv/Microsoft.NETCore.App/app"));
    EXPECT_EQ("", versionFromPath(""));
}

TEST(RuntimeVersion, ComesFromTheBuildText) {
    EXPECT_EQ("10.0.12", versionFromBuildText("10.0.1226.42308 @Commit: 95017c7"));
    EXPECT_EQ("8.0.29", versionFromBuildText("8.0.2926.1"));
    EXPECT_EQ("8.0.0", versionFromBuildText("8.0.23.53103"));
    EXPECT_EQ("", versionFromBuildText("8.0"));
    EXPECT_EQ("", versionFromBuildText("8.0.x.1"));
    EXPECT_EQ("", versionFromBuildText("8.0.99999999999999999999.1"));
}

TEST(RuntimeBuild, FindsTheTextOnlyWhereAVersionFollows) {
    using namespace std::string_literals;
    EXPECT_EQ("1.2.3 x", findBuildText("..@(#)Version \0@(#)Version 1.2.3 x\0.."s));
    EXPECT_FALSE(findBuildText("@(#)Version 1.2.3"));
    EXPECT_FALSE(findBuildText(""));
}

TEST_F(RuntimeLocationTest, RefusesADacOfAnotherBuild) {
    // A copy of the library whose embedded build text is another one.
    const std::filesystem::path copy =
        std::filesystem::temp_directory_path() / ("dac-" + std::to_string(getpid()) + ".so");
    std::string bytes = readFile(runtime().dacPath);
    const std::size_t at = bytes.find("@(#)Version ");
    ASSERT_NE(std::string::npos, at);
    ASSERT_TRUE(std::isdigit(static_cast<unsigned char>(bytes[at + 12])));
    bytes[at + 12] = '7';
    writeFile(copy, bytes);
    RuntimeLocation other = runtime();
    other.dacPath = copy;
    const auto dac = Dac::open(image(), other);
    std::filesystem::remove(copy);
    ASSERT_FALSE(dac);
    EXPECT_EQ(ErrorCode::DacFailed, dac.error().code);
    EXPECT_NE(std::string::npos, dac.error().why.find("build 7"));
}

TEST_F(RuntimeLocationTest, SaysWhatIsMissingWithoutADac) {
    RuntimeLocation other = runtime();
    other.dacPath.clear();
    const auto dac = Dac::open(image(), other);
    ASSERT_FALSE(dac);
    EXPECT_EQ(ErrorCode::DacMissing, dac.error().code);
    other = runtime();
    other.musl = true;
    EXPECT_EQ(ErrorCode::DacMissing, Dac::open(image(), other).error().code);
}

} // namespace
} // namespace firstchance
