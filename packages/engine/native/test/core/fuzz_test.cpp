#include <gmock/gmock.h>
#include <sys/resource.h>

#include <random>

#include "../base/sanitized.h"
#include "core/core_file.h"
#include "core/core_writer.h"
#include "core/unpack.h"
#include "fake_image.h"
#include "temporary_folder.h"

namespace firstchance {
namespace {

using test::TemporaryFolder;

constexpr std::uint64_t kFuzzBase = 0x10000000;

std::vector<std::byte> smallCore(bool compressed) {
    TemporaryFolder folder;
    test::FakeImage image;
    image.map(kFuzzBase, 0x6000, "r-xp", "/lib/a.so");
    image.map(kFuzzBase + 0x10000, 0x2000, "rw-p");
    image.fill(kFuzzBase, 0x6000);
    image.addThread(4712);
    MemorySelection selection;
    selection.add(image.mappings()[0].range);
    selection.add(image.mappings()[1].range);
    CoreOptions options;
    options.path = folder.file("core");
    options.compressed = compressed;
    EXPECT_TRUE(writeCore(image, selection, options));
    return test::readFile(options.path);
}

long peakKilobytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

class Fuzz : public testing::TestWithParam<bool> {
protected:
    //! \brief Opens and uses what the file says, wherever it leads.
    void open(const std::vector<std::byte>& bytes) {
        const std::string path = folder.file("core");
        test::writeFile(path, bytes);
        const auto core = CoreFile::open(path);
        if (!core) {
            ++refused;
            ASSERT_FALSE(core.error().why.empty());
            ASSERT_THAT(core.error().what, testing::HasSubstr(path));
            ASSERT_THAT(core.error().code, testing::AnyOf(ErrorCode::CorruptDump, ErrorCode::Unsupported));
            return;
        }
        ++opened;
        std::vector<std::byte> buffer(0x3000);
        for (const Mapping& mapping : (*core)->mappings()) {
            ASSERT_FALSE(mapping.range.empty());
            ASSERT_LE((*core)->read(mapping.range.begin + 100, buffer), buffer.size());
        }
        for (const ThreadImage& thread : (*core)->threads()) {
            (void)(*core)->read(thread.stackPointer(), buffer);
            (void)(*core)->readString(thread.programCounter());
        }
        (void)(*core)->privatePages({Address(0), Address(UINT64_MAX)});
    }

    TemporaryFolder folder;
    int opened = 0;
    int refused = 0;
};

TEST_P(Fuzz, everyTruncationIsRefused) {
    const auto whole = smallCore(GetParam());
    for (std::size_t size = 0; size < whole.size(); size += size < 9000 ? 7 : 331) {
        open({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
        if (HasFatalFailure()) {
            return;
        }
    }
    EXPECT_EQ(opened, 0);
    EXPECT_GT(refused, 20);
}

TEST_P(Fuzz, mutationsNeverCrashNorAllocateWithoutBound) {
    const auto whole = smallCore(GetParam());
    std::mt19937_64 random(20240601);
    const long before = peakKilobytes();
    const std::uint64_t interesting[] = {0,          1,          0x7f,       0xff,           0xffff,
                                         0x7fffffff, 0xffffffff, UINT64_MAX, UINT64_MAX / 2, 1ULL << 40};
    const std::size_t headers = GetParam() ? whole.size() : std::min<std::size_t>(whole.size(), 9000);
    for (int round = 0; round < 6000; ++round) {
        auto bytes = whole;
        const auto changes = 1 + random() % 4;
        for (std::uint64_t i = 0; i < changes; ++i) {
            // The interesting places are at the beginning (headers, notes) and at the end (seek table).
            const std::size_t at = random() % 3 == 0
                                       ? bytes.size() - 1 - random() % std::min<std::size_t>(bytes.size(), 64)
                                       : random() % headers;
            switch (random() % 3) {
            case 0: bytes[at] ^= static_cast<std::byte>(1U << (random() % 8)); break;
            case 1: bytes[at] = static_cast<std::byte>(random()); break;
            default: {
                const std::uint64_t value = interesting[random() % std::size(interesting)];
                const std::size_t width = std::size_t{1} << (random() % 4);
                const std::size_t start = at & ~(width - 1);
                std::memcpy(bytes.data() + start, &value, std::min(width, bytes.size() - start));
            }
            }
        }
        open(bytes);
        if (HasFatalFailure()) {
            return;
        }
    }
    EXPECT_GT(opened, GetParam() ? 0 : 100); // few changes get past the checksums of the frames
    EXPECT_GT(refused, 100);
    EXPECT_LT(peakKilobytes() - before, (kSanitized ? 800L : 200L) << 10);
}

TEST_P(Fuzz, unpackingMutationsEitherFailsOrIsWhole) {
    const auto whole = smallCore(true);
    std::mt19937_64 random(99);
    for (int round = 0; round < 1000; ++round) {
        auto bytes = whole;
        bytes[random() % bytes.size()] ^= static_cast<std::byte>(1U << (random() % 8));
        if (GetParam()) {
            bytes.resize(random() % bytes.size());
        }
        test::writeFile(folder.file("packed"), bytes);
        const auto size = unpackCore(folder.file("packed"), folder.file("plain"));
        EXPECT_EQ(size.has_value(), test::runCommand("test -e " + folder.file("plain")).status == 0);
        if (size) {
            ::unlink(folder.file("plain").c_str());
        } else {
            EXPECT_THAT(size.error().code,
                        testing::AnyOf(ErrorCode::CorruptDump, ErrorCode::InvalidArgument));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(, Fuzz, testing::Bool(),
                         [](const auto& test) { return test.param ? "compressed" : "plain"; });

} // namespace
} // namespace firstchance
