// What a frozen process holds: everything of one instant, whatever the target does afterwards.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>

#include "linux/live_process.h"
#include "snapshot/snapshot.h"
#include "target.h"

namespace firstchance::test {
namespace {

constexpr std::uint64_t kPage = 4096;

class SnapshotContent : public testing::TestWithParam<CaptureMethod> {
protected:
    static std::unique_ptr<FrozenProcess> freeze(const Target& target) {
        SnapshotOptions options;
        options.method = GetParam();
        auto frozen = takeSnapshot(target.pid(), options);
        EXPECT_TRUE(frozen) << describe(frozen.error());
        return frozen ? std::move(*frozen) : nullptr;
    }
};

INSTANTIATE_TEST_SUITE_P(Methods, SnapshotContent,
                         testing::Values(CaptureMethod::Clone, CaptureMethod::Copy, CaptureMethod::Stop),
                         [](const auto& method) { return std::string(captureMethodName(method.param)); });

//! \brief The writer's counters in the order in which it writes them.
std::vector<std::uint64_t> readCounters(const ProcessImage& image, const Target& target) {
    std::vector<std::uint64_t> values;
    for (const std::uint64_t offset : {std::uint64_t{0}, std::uint64_t{8}}) {
        for (const char* where : {"private", "shared", "doubled", "file"}) {
            values.push_back(
                image.readValue<std::uint64_t>(target.address(where) + offset).value_or(UINT64_MAX));
        }
    }
    return values;
}

std::vector<std::uint64_t> readHeap(const ProcessImage& image, const Target& target) {
    const std::uint64_t pages = target.fact("pages");
    std::vector<std::byte> bytes(pages * kPage);
    EXPECT_EQ(image.read(target.address("heap"), bytes), bytes.size());
    std::vector<std::uint64_t> rounds(pages);
    for (std::uint64_t i = 0; i < pages; ++i) {
        std::memcpy(&rounds[i], bytes.data() + i * kPage, sizeof rounds[i]);
    }
    return rounds;
}

TEST_P(SnapshotContent, AllMemoryIsOfOneInstant) {
    Target target;
    for (int i = 0; i < 10; ++i) {
        const auto frozen = freeze(target);
        ASSERT_NE(frozen, nullptr);
        const auto counters = readCounters(*frozen, target);
        // One thread writes them one after the other: at any instant they fall by at most one, from first to
        // last.
        EXPECT_TRUE(std::is_sorted(counters.rbegin(), counters.rend())) << testing::PrintToString(counters);
        EXPECT_LE(counters.front() - counters.back(), 1U) << testing::PrintToString(counters);
        const auto rounds = readHeap(*frozen, target);
        EXPECT_TRUE(std::is_sorted(rounds.rbegin(), rounds.rend()));
        EXPECT_LE(rounds.front() - rounds.back(), 1U);
        ASSERT_TRUE(frozen->release());
    }
    expectUnharmed(target);
    EXPECT_TRUE(target.finish());
}

TEST_P(SnapshotContent, StaysWhatItWasWhileTheTargetGoesOn) {
    Target target;
    const auto frozen = freeze(target);
    ASSERT_NE(frozen, nullptr);
    const auto live = LiveProcess::open(target.pid());
    ASSERT_TRUE(live);
    const auto counters = readCounters(*frozen, target);
    const auto rounds = readHeap(*frozen, target);
    if (GetParam() != CaptureMethod::Stop) {
        // Until it has written every page of its heap once more.
        while (readHeap(**live, target).back() <= rounds.front() + 1) {
        }
        EXPECT_GT(readCounters(**live, target).back(), counters.front());
    }
    EXPECT_EQ(readCounters(*frozen, target), counters);
    EXPECT_EQ(readHeap(*frozen, target), rounds);
}

TEST_P(SnapshotContent, BothViewsOfTheDoublyMappedMemoryShowTheSame) {
    Target target;
    const auto frozen = freeze(target);
    ASSERT_NE(frozen, nullptr);
    std::array<std::byte, 3 * kPage> code{};
    std::array<std::byte, 3 * kPage> data{};
    ASSERT_EQ(frozen->read(target.address("code"), code), code.size());
    ASSERT_EQ(frozen->read(target.address("doubled"), data), data.size());
    EXPECT_EQ(code, data);
    EXPECT_EQ(code[kPage], std::byte{0x5a});
    EXPECT_EQ(code[2 * kPage], std::byte{0}); // a hole
    // Reserved address space of the memfd is not memory.
    EXPECT_EQ(frozen->read(target.address("reserved"), code), 0U);
    const auto pages = frozen->privatePages({target.address("code"), target.address("code") + 64 * kPage});
    ASSERT_EQ(pages.size(), 1U);
    EXPECT_EQ(pages.front(), (AddressRange{target.address("code"), target.address("code") + 2 * kPage}));
}

TEST_P(SnapshotContent, ReadingNeverAllocatesHolesOfTheTargetsMemfd) {
    Target target;
    const auto blocks = [&] {
        struct stat status {};
        const std::string path =
            "/proc/" + std::to_string(target.pid()) + "/fd/" + std::to_string(target.fact("memfd"));
        return ::stat(path.c_str(), &status) == 0 ? status.st_blocks : -1;
    };
    const auto before = blocks();
    const auto frozen = freeze(target);
    ASSERT_NE(frozen, nullptr);
    std::vector<std::byte> all(64 * kPage);
    EXPECT_EQ(frozen->read(target.address("code"), all), all.size());
    static_cast<void>(frozen->read(target.address("reserved"), all));
    EXPECT_EQ(blocks(), before);
    EXPECT_GT(before, 0);
}

TEST_P(SnapshotContent, ReadOnlySharedFileViewsAreReadFromTheirFile) {
    Target target;
    const auto frozen = freeze(target);
    ASSERT_NE(frozen, nullptr);
    std::array<char, 64> file{};
    std::ifstream(FIRSTCHANCE_SNAPSHOT_TARGET, std::ios::binary).read(file.data(), file.size());
    std::array<char, 64> view{};
    ASSERT_EQ(frozen->read(target.address("view"), std::as_writable_bytes(std::span(view))), view.size());
    EXPECT_EQ(view, file);
    // They are no content of the process.
    EXPECT_TRUE(frozen->privatePages({target.address("view"), target.address("view") + kPage}).empty());
}

TEST_P(SnapshotContent, UntouchedMemoryIsZeroAndNotKept) {
    Target target;
    const auto frozen = freeze(target);
    ASSERT_NE(frozen, nullptr);
    const Address untouched = target.address("untouched");
    // Before they are read: some kernels then give a page of its own, not the one that all share.
    EXPECT_TRUE(frozen->privatePages({untouched, untouched + (1ULL << 30U)}).empty());
    std::vector<std::byte> bytes(1 << 20, std::byte{1});
    EXPECT_EQ(frozen->read(untouched, bytes), bytes.size());
    EXPECT_TRUE(std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; }));
    const Address heap = target.address("heap");
    const AddressRange all{heap, heap + target.fact("pages") * kPage};
    std::uint64_t kept = 0;
    for (const AddressRange range : frozen->privatePages(all)) {
        kept += range.size();
    }
    EXPECT_EQ(kept, all.size());
}

#if defined(__x86_64__)
TEST_P(SnapshotContent, RegistersAreThoseOfTheFreeze) {
    Target target;
    const auto frozen = freeze(target);
    ASSERT_NE(frozen, nullptr);
    const auto threads = frozen->threads();
    const auto holder = std::find_if(threads.begin(), threads.end(), [&](const ThreadImage& thread) {
        return thread.tid == static_cast<pid_t>(target.fact("registers"));
    });
    ASSERT_NE(holder, threads.end());
    user_regs_struct general{};
    ASSERT_EQ(holder->generalRegisters.size(), sizeof general);
    std::memcpy(&general, holder->generalRegisters.data(), sizeof general);
    EXPECT_EQ(general.r12, 0x1122334455667788ULL);
    EXPECT_EQ(general.r13, 0x99aabbccddeeff00ULL);
    EXPECT_EQ(holder->programCounter().value(), general.rip);
    user_fpregs_struct vector{};
    ASSERT_EQ(holder->floatRegisters.size(), sizeof vector);
    std::memcpy(&vector, holder->floatRegisters.data(), sizeof vector);
    std::array<std::uint64_t, 2> xmm7{};
    std::memcpy(xmm7.data(), &vector.xmm_space[7 * 4], sizeof xmm7);
    EXPECT_EQ(xmm7, (std::array<std::uint64_t, 2>{0x0123456789abcdefULL, 0xfedcba9876543210ULL}));
    ASSERT_EQ(holder->extraRegisters.size(), 1U);
    EXPECT_EQ(holder->extraRegisters.front().first, 0x202U); // NT_X86_XSTATE
    EXPECT_EQ(holder->state, 'R');
}
#endif

TEST_P(SnapshotContent, ShowsThreadsNamesAndMapAsTheyWere) {
    Target target({"waits"});
    const auto frozen = freeze(target);
    ASSERT_NE(frozen, nullptr);
    EXPECT_EQ(frozen->pid(), target.pid());
    EXPECT_EQ(frozen->commandName(), "snapshot_target");
    EXPECT_EQ(frozen->method(), GetParam());
    EXPECT_GE(frozen->threads().size(), 3 + target.fact("waiting"));
    for (const ThreadImage& thread : frozen->threads()) {
        EXPECT_EQ(thread.name, "snapshot_target");
        ASSERT_NE(frozen->findMapping(thread.programCounter()), nullptr);
        EXPECT_TRUE(frozen->findMapping(thread.programCounter())->executable);
        ASSERT_NE(frozen->findMapping(thread.stackPointer()), nullptr);
    }
    EXPECT_TRUE(
        std::is_sorted(frozen->mappings().begin(), frozen->mappings().end(),
                       [](const Mapping& a, const Mapping& b) { return a.range.begin < b.range.begin; }));
    EXPECT_FALSE(frozen->auxiliaryVector().empty());
}

TEST_P(SnapshotContent, WhatIsWorthKeepingCanBeRead) {
    Target target({"waits"});
    const auto frozen = freeze(target);
    ASSERT_NE(frozen, nullptr);
    std::uint64_t kept = 0;
    for (const Mapping& mapping : frozen->mappings()) {
        for (const AddressRange range : frozen->privatePages(mapping.range)) {
            std::vector<std::byte> bytes(range.size());
            EXPECT_EQ(frozen->read(range.begin, bytes), bytes.size()) << mapping.path;
            kept += bytes.size();
        }
    }
    EXPECT_GE(kept, target.fact("pages") * kPage);
}

TEST_P(SnapshotContent, AForkedReaderSeesItAndCannotEndIt) {
    Target target;
    auto frozen = freeze(target);
    ASSERT_NE(frozen, nullptr);
    const auto counters = readCounters(*frozen, target);
    const AddressRange heap{target.address("heap"), target.address("heap") + target.fact("pages") * kPage};
    const pid_t reader = ::fork();
    if (reader == 0) {
        const bool same = readCounters(*frozen, target) == counters && frozen->privatePages(heap).size() == 1;
        const bool quiet = frozen->release().has_value();
        frozen.reset(); // must not release either
        ::_exit(same && quiet ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(reader, &status, 0), reader);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(readCounters(*frozen, target), counters);
    EXPECT_TRUE(frozen->release());
    EXPECT_TRUE(frozen->release()); // the second does nothing
    expectUnharmed(target);
}

} // namespace
} // namespace firstchance::test
