#include "core/unpack.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "core/core_writer.h"
#include "fake_image.h"
#include "temporary_folder.h"

namespace firstchance {
namespace {

using test::TemporaryFolder;

class Unpack : public testing::Test {
protected:
    Unpack() {
        test::FakeImage image;
        image.map(0x10000000, 64 << 20);
        image.fill(0x10400000, 4 << 20);
        MemorySelection selection;
        selection.add(image.mappings()[0].range);
        CoreOptions options;
        options.path = packed;
        EXPECT_TRUE(writeCore(image, selection, options));
        options.compressed = false;
        options.path = plain;
        EXPECT_TRUE(writeCore(image, selection, options));
    }

    TemporaryFolder folder;
    const std::string packed = folder.file("packed");
    const std::string plain = folder.file("plain");
    const std::string output = folder.file("output");
};

TEST_F(Unpack, isByteForByteThePlainCoreAndSparse) {
    std::uint64_t last = 0;
    const auto size = unpackCore(packed, output, [&](std::uint64_t done, std::uint64_t) { last = done; });
    ASSERT_TRUE(size) << describe(size.error());
    EXPECT_EQ(test::readFile(output), test::readFile(plain));
    EXPECT_EQ(last, test::readFile(packed).size());
    struct stat info {};
    ASSERT_EQ(::stat(output.c_str(), &info), 0);
    EXPECT_LT(info.st_blocks * 512, 8 << 20);
    EXPECT_EQ(info.st_mode & 07777, 0600U);
}

TEST_F(Unpack, takesZstdWithoutATableToo) {
    ASSERT_EQ(test::runCommand("zstd -q " + plain + " -o " + folder.file("plain.zst")).status, 0);
    const auto size = unpackCore(folder.file("plain.zst"), output);
    ASSERT_TRUE(size) << describe(size.error());
    EXPECT_EQ(test::readFile(output), test::readFile(plain));
}

TEST_F(Unpack, cutFileIsSaidAndLeavesNothing) {
    auto bytes = test::readFile(packed);
    // In the middle of the data, the boundary of the table, and within the table.
    for (const std::size_t size : {bytes.size() / 2, bytes.size() - 5}) {
        auto part = bytes;
        part.resize(size);
        test::writeFile(folder.file("cut"), part);
        const auto unpacked = unpackCore(folder.file("cut"), output);
        ASSERT_FALSE(unpacked);
        EXPECT_EQ(unpacked.error().code, ErrorCode::CorruptDump);
        EXPECT_THAT(unpacked.error().why, testing::HasSubstr("cut off"));
        EXPECT_THAT(folder.names(), testing::Not(testing::Contains("output")));
    }
}

TEST_F(Unpack, aFlippedBitIsFound) {
    auto bytes = test::readFile(packed);
    bytes[bytes.size() / 2] ^= std::byte{1};
    test::writeFile(folder.file("flipped"), bytes);
    const auto unpacked = unpackCore(folder.file("flipped"), output);
    ASSERT_FALSE(unpacked);
    EXPECT_EQ(unpacked.error().code, ErrorCode::CorruptDump);
    EXPECT_THAT(unpacked.error().why, testing::HasSubstr("damaged near offset"));
}

TEST_F(Unpack, refusals) {
    EXPECT_EQ(unpackCore(plain, output).error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(unpackCore(folder.file("missing"), output).error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(unpackCore(packed, plain).error().code, ErrorCode::OutputNotWritable);
    const std::atomic<bool> cancelled = true;
    EXPECT_EQ(unpackCore(packed, output, {}, &cancelled).error().code, ErrorCode::Cancelled);
    EXPECT_THAT(folder.names(), testing::UnorderedElementsAre("packed", "plain"));
}

} // namespace
} // namespace firstchance
