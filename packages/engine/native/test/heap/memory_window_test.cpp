#include "heap/memory_window.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "base/process_image.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kPage = 4096;

//! \brief Memory whose bytes tell their page, with one page that cannot be read. Counts what is asked for.
class Pages : public ProcessImage {
public:
    explicit Pages(Address hole) : hole_(hole) {}
    [[nodiscard]] pid_t pid() const override { return 1; }
    [[nodiscard]] const std::string& commandName() const override { return name_; }
    [[nodiscard]] std::span<const Mapping> mappings() const override { return {}; }
    [[nodiscard]] std::span<const ThreadImage> threads() const override { return {}; }
    [[nodiscard]] std::span<const std::byte> auxiliaryVector() const override { return {}; }
    [[nodiscard]] std::vector<AddressRange> privatePages(AddressRange) const override { return {}; }
    [[nodiscard]] std::size_t read(Address address, std::span<std::byte> buffer) const override {
        std::size_t done = 0;
        for (; done < buffer.size() && (address + done).alignDown(kPage) != hole_; ++done) {
            buffer[done] = valueAt(address + done);
        }
        bytesRead += done;
        return done;
    }
    static std::byte valueAt(Address address) {
        return static_cast<std::byte>(1 + address.value() / kPage % 251);
    }
    mutable std::uint64_t bytesRead = 0;

private:
    std::string name_ = "pages";
    Address hole_;
};

constexpr Address kBegin(std::uint64_t{1} << 32U);
constexpr Address kEnd = kBegin + (std::uint64_t{1} << 30U);
constexpr Address kNoHole;

TEST(MemoryWindow, ReadsEachByteOnceWhenTheWalkGoesOn) {
    const Pages pages(kNoHole);
    MemoryWindow window(pages);
    constexpr std::uint64_t kWalked = std::uint64_t{4} << 20U;
    for (std::uint64_t at = 0; at < kWalked; at += 32) {
        const std::byte* bytes = window.at(kBegin + at, 16, kEnd);
        ASSERT_EQ(Pages::valueAt(kBegin + at), bytes[0]);
        ASSERT_EQ(Pages::valueAt(kBegin + at), bytes[15]);
    }
    EXPECT_LE(pages.bytesRead, kWalked + MemoryWindow::kSize);
}

TEST(MemoryWindow, ReadsLittleAfterALeap) {
    const Pages pages(kNoHole);
    MemoryWindow window(pages);
    constexpr std::uint64_t kObject = 100'000;
    for (Address at = kBegin; at + kObject < kEnd; at += kObject) {
        ASSERT_EQ(Pages::valueAt(at), *window.at(at, 16, kEnd));
    }
    EXPECT_LE(pages.bytesRead, (kEnd - kBegin) / 10);
}

TEST(MemoryWindow, GivesAsMuchAsIsAskedFor) {
    const Pages pages(kNoHole);
    MemoryWindow window(pages);
    constexpr std::size_t kSize = 3 * MemoryWindow::kSize + 8;
    const Address at = kBegin + 4088;
    const std::byte* bytes = window.at(at, kSize, kEnd);
    EXPECT_EQ(Pages::valueAt(at), bytes[0]);
    EXPECT_EQ(Pages::valueAt(at + kSize - 1), bytes[kSize - 1]);
    // Over the border of two pages, behind what was read, and back.
    EXPECT_EQ(Pages::valueAt(at + kSize + 15), window.at(at + kSize, 16, kEnd)[15]);
    EXPECT_EQ(Pages::valueAt(at), *window.at(at, 16, kEnd));
}

TEST(MemoryWindow, DoesNotReadBehindTheEnd) {
    const Pages pages(kNoHole);
    MemoryWindow window(pages);
    EXPECT_EQ(Pages::valueAt(kBegin), *window.at(kBegin, 16, kBegin + 24));
    EXPECT_EQ(24U, pages.bytesRead);
}

TEST(MemoryWindow, WhatCannotBeReadIsZero) {
    const Pages pages(kBegin + kPage);
    MemoryWindow window(pages);
    const auto bytes = std::span(window.at(kBegin, 3 * kPage, kEnd), 3 * kPage);
    EXPECT_EQ(Pages::valueAt(kBegin), bytes[kPage - 1]);
    EXPECT_TRUE(std::all_of(bytes.begin() + kPage, bytes.begin() + 2 * kPage,
                            [](std::byte byte) { return byte == std::byte{0}; }));
    EXPECT_EQ(Pages::valueAt(kBegin + 2 * kPage), bytes[2 * kPage]);
}

} // namespace
} // namespace firstchance
