#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "core/core_writer.h"
#include "fake_image.h"
#include "temporary_folder.h"

namespace firstchance {
namespace {

using test::FakeImage;
using test::TemporaryFolder;
using testing::HasSubstr;

constexpr std::uint64_t kBase = 0x10000000;

class Failure : public testing::TestWithParam<bool> {
protected:
    Failure() {
        image.map(kBase, 32 << 20);
        image.generator = [](Address page, std::size_t, std::span<std::byte> out) { // does not compress
            std::uint64_t state = page.value();
            for (std::byte& byte : out) {
                state = state * 6364136223846793005ULL + 1442695040888963407ULL;
                byte = static_cast<std::byte>(state >> 56);
            }
        };
        selection.add(image.mappings()[0].range);
        options.path = folder.file("core");
        options.compressed = GetParam();
    }

    void expectNothingLeft() const { EXPECT_THAT(folder.names(), testing::IsEmpty()); }

    FakeImage image;
    MemorySelection selection;
    TemporaryFolder folder;
    CoreOptions options;
};

//! \brief A file system of 4 MB on a folder, gone at the end.
class SmallDisk {
public:
    explicit SmallDisk(const std::string& path) : path_(path) {
        ::mkdir(path.c_str(), 0700);
        mounted_ = ::mount("none", path.c_str(), "tmpfs", 0, "size=4m") == 0;
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk() {
        if (mounted_) {
            ::umount2(path_.c_str(), MNT_DETACH);
        }
        ::rmdir(path_.c_str());
    }
    [[nodiscard]] bool mounted() const { return mounted_; }

private:
    std::string path_;
    bool mounted_ = false;
};

TEST_P(Failure, fullDiskSaysHowMuchWasMissingAndLeavesNothing) {
    const SmallDisk disk(folder.file("disk"));
    if (!disk.mounted()) {
        GTEST_SKIP() << "mounting a tmpfs is not permitted; fileSizeLimit covers the same way";
    }
    options.path = folder.file("disk/core");
    const auto written = writeCore(image, selection, options);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::DiskFull);
    EXPECT_EQ(written.error().systemError, ENOSPC);
    EXPECT_THAT(written.error().why,
                testing::ContainsRegex("about (2[0-9]|3[0-9])\\.[0-9] MB more were needed"));
    EXPECT_EQ(test::runCommand("find " + folder.file("disk") + " -type f | wc -l").text, "0\n");
    // The room is free again, and a smaller dump fits.
    MemorySelection small;
    small.add(Address(kBase), 1 << 20);
    EXPECT_TRUE(writeCore(image, small, options));
}

TEST_P(Failure, keepsTheRoomThatIsToStayFree) {
    const SmallDisk disk(folder.file("disk"));
    if (!disk.mounted()) {
        GTEST_SKIP() << "mounting a tmpfs is not permitted";
    }
    options.path = folder.file("disk/core");
    options.minFreeBytes = 64 << 20;
    const auto written = writeCore(image, selection, options);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::DiskFull);
    EXPECT_THAT(written.error().why, HasSubstr("only 4.0 MB are free"));
}

TEST_P(Failure, fileSizeLimitIsAnErrorAndNotASignal) {
    // In a child: the limit is the whole process's, and SIGXFSZ would end it.
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const rlimit limit{3 << 20, 3 << 20};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto written = writeCore(image, selection, options);
        const bool right = !written && written.error().code == ErrorCode::DiskFull &&
                           written.error().systemError == EFBIG && !written.error().cure.empty();
        sigset_t pending;
        sigpending(&pending);
        ::_exit(right && sigismember(&pending, SIGXFSZ) == 0 ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
    EXPECT_EQ(WEXITSTATUS(status), 0);
    expectNothingLeft();
}

TEST_P(Failure, cancelledMidwayLeavesNothing) {
    std::atomic<bool> cancelled = false;
    options.cancelled = &cancelled;
    image.onRead = [&](Address address) {
        if (address >= Address(kBase + (8 << 20))) {
            cancelled = true;
        }
    };
    const auto written = writeCore(image, selection, options);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::Cancelled);
    expectNothingLeft();
}

TEST_P(Failure, targetThatDiesMidwayIsNoDumpOfZeros) {
    image.onRead = [&](Address address) {
        if (address >= Address(kBase + (8 << 20))) {
            image.dead = true;
        }
    };
    const auto written = writeCore(image, selection, options);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::TargetGone);
    EXPECT_THAT(written.error().what, HasSubstr("4711"));
    expectNothingLeft();
}

TEST_P(Failure, missingFolder) {
    options.path = folder.file("missing/core");
    const auto written = writeCore(image, selection, options);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::OutputNotWritable);
    EXPECT_THAT(written.error().what, HasSubstr("missing/core"));
}

TEST_P(Failure, readOnlyFolder) {
    // Root may write anywhere, so another user tries.
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        ::chmod(folder.path().c_str(), 0555);
        if (::geteuid() == 0 && ::setuid(65534) != 0) {
            ::_exit(2);
        }
        const auto written = writeCore(image, selection, options);
        ::_exit(!written && written.error().code == ErrorCode::OutputNotWritable &&
                        written.error().systemError == EACCES && !written.error().cure.empty()
                    ? 0
                    : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    ::chmod(folder.path().c_str(), 0700);
    expectNothingLeft();
}

TEST_P(Failure, anExistingFileIsNotReplaced) {
    test::writeFile(options.path, {std::byte{1}});
    const auto written = writeCore(image, selection, options);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::OutputNotWritable);
    EXPECT_EQ(test::readFile(options.path).size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(, Failure, testing::Bool(),
                         [](const auto& test) { return test.param ? "compressed" : "plain"; });

} // namespace
} // namespace firstchance
