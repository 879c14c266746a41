#include "core/seek_table.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstring>

namespace firstchance {
namespace {

class MemorySource : public ByteSource {
public:
    explicit MemorySource(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}
    std::uint64_t size() const override { return bytes_.size(); }
    std::size_t read(std::uint64_t offset, std::span<std::byte> out) const override {
        const std::size_t size =
            offset < bytes_.size() ? std::min<std::size_t>(out.size(), bytes_.size() - offset) : 0;
        std::memcpy(out.data(), bytes_.data() + (size > 0 ? offset : 0), size);
        return size;
    }

private:
    std::vector<std::byte> bytes_;
};

std::vector<std::byte> fileWith(const SeekTable& table, std::size_t packed) {
    std::vector<std::byte> bytes(packed);
    const auto encoded = table.encode();
    bytes.insert(bytes.end(), encoded.begin(), encoded.end());
    return bytes;
}

TEST(SeekTable, readsWhatItWrites) {
    SeekTable table;
    std::size_t packed = 0;
    for (std::uint32_t i = 1; i <= 10000; ++i) {
        table.append(i, i * 3);
        packed += i;
    }
    const auto read = SeekTable::read(MemorySource(fileWith(table, packed)), "file");
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(read->size(), 10000U);
    EXPECT_EQ(read->plainSize(), packed * 3);
    EXPECT_EQ(read->frameAt(0), 0U);
    EXPECT_EQ(read->frameAt(3), 1U);
    EXPECT_EQ(read->frameAt(packed * 3 - 1), 9999U);
}

TEST(SeekTable, anEmptyFrameIsNeverTheOneThatHoldsAByte) {
    SeekTable table;
    table.append(10, 100);
    table.append(10, 0);
    table.append(10, 100);
    EXPECT_EQ(table.frameAt(99), 0U);
    EXPECT_EQ(table.frameAt(100), 2U);
}

TEST(SeekTable, contradictionsAreNamed) {
    SeekTable table;
    table.append(100, 200);
    auto bytes = fileWith(table, 99);
    auto read = SeekTable::read(MemorySource(bytes), "file");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::CorruptDump);
    EXPECT_THAT(read.error().why, testing::HasSubstr("100 bytes of frames, the file has 99"));

    bytes = fileWith(table, 100);
    const std::uint32_t many = 0x7ffffff;
    std::memcpy(bytes.data() + bytes.size() - 9, &many, 4);
    read = SeekTable::read(MemorySource(bytes), "file");
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().why, testing::HasSubstr("more than the file can hold"));

    SeekTable large;
    large.append(100, SeekTable::kMaxPlainFrame + 1);
    EXPECT_FALSE(SeekTable::read(MemorySource(fileWith(large, 100)), "file"));
    EXPECT_FALSE(SeekTable::isPresent(MemorySource(std::vector<std::byte>(5))));
}

} // namespace
} // namespace firstchance
