#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <string>

#include "linux/live_process.h"
#include "linux/memory_map.h"
#include "linux/pagemap.h"

namespace firstchance {
namespace {

const std::string kMaps =
    "55d0e0a00000-55d0e0a21000 r-xp 00001000 fd:01 1234567    /usr/bin/a program\n"
    "7f0000000000-7f0000001000 rw-s 00000000 00:01 42         /memfd:doublemapper (deleted)\n"
    "7f0000001000-7f0000002000 r--s 00002000 103:05 9         /tmp/new\\012line\n"
    "7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0          [stack]\n"
    "7fffff000000-7fffff001000 ---p 00000000 00:00 0\n";

TEST(MemoryMap, ParsesWhatTheKernelPrints) {
    const auto mappings = parseMemoryMap(kMaps);
    ASSERT_EQ(mappings.size(), 5U);
    EXPECT_EQ(mappings[0].range, (AddressRange{Address(0x55d0e0a00000), Address(0x55d0e0a21000)}));
    EXPECT_TRUE(mappings[0].readable && mappings[0].executable);
    EXPECT_FALSE(mappings[0].writable || mappings[0].shared || mappings[0].deleted);
    EXPECT_EQ(mappings[0].fileOffset, 0x1000U);
    EXPECT_EQ(mappings[0].device, makedev(0xfd, 1));
    EXPECT_EQ(mappings[0].inode, 1234567U);
    EXPECT_EQ(mappings[0].path, "/usr/bin/a program");
    EXPECT_TRUE(mappings[0].isFile());
    EXPECT_TRUE(mappings[1].shared && mappings[1].writable && mappings[1].deleted);
    EXPECT_EQ(mappings[1].path, "/memfd:doublemapper");
    EXPECT_FALSE(mappings[1].isFile());
    EXPECT_EQ(mappings[2].path, "/tmp/new\nline");
    EXPECT_EQ(mappings[3].path, "[stack]");
    EXPECT_FALSE(mappings[3].isFile());
    EXPECT_TRUE(mappings[4].path.empty());
    EXPECT_FALSE(mappings[4].readable);
}

TEST(MemoryMap, LeavesOutLinesThatAreNone) {
    EXPECT_TRUE(parseMemoryMap("").empty());
    EXPECT_TRUE(parseMemoryMap("\n\n\nnonsense\n7f00-6f00 r--p 0 0:0 0\n").empty());
    // A line that begins before the last one's end was written before a change.
    EXPECT_EQ(parseMemoryMap("1000-3000 rw-p 0 00:00 0\n2000-4000 rw-p 0 00:00 0\n").size(), 1U);
}

TEST(MemoryMap, MutatedTextIsParsedIntoSortedRangesOrNothing) {
    std::mt19937 random(20250101); // NOLINT(cert-msc51-cpp): the same texts each time
    for (int round = 0; round < 20'000; ++round) {
        std::string text = kMaps;
        for (unsigned changes = random() % 8; changes > 0; --changes) {
            const auto at = random() % text.size();
            switch (random() % 4) {
            case 0: text[at] = static_cast<char>(random()); break;
            case 1: text.erase(at, random() % 20); break;
            case 2: text.insert(at, text.substr(random() % text.size(), random() % 40)); break;
            default: text.resize(at); break;
            }
            if (text.empty()) {
                break;
            }
        }
        const auto mappings = parseMemoryMap(text);
        ASSERT_LE(mappings.size(), static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1);
        Address last;
        for (const Mapping& mapping : mappings) {
            ASSERT_FALSE(mapping.range.empty()) << text;
            ASSERT_GE(mapping.range.begin, last) << text;
            last = mapping.range.end;
        }
    }
}

TEST(MemoryMap, ReadsOurOwn) {
    const auto mappings = readMemoryMap(::getpid());
    ASSERT_TRUE(mappings);
    const Address code(reinterpret_cast<std::uint64_t>(&parseMemoryMap));
    const auto found = std::find_if(mappings->begin(), mappings->end(),
                                    [&](const Mapping& m) { return m.range.contains(code); });
    ASSERT_NE(found, mappings->end());
    EXPECT_TRUE(found->executable);
    EXPECT_TRUE(found->isFile());
}

class Pages : public testing::Test {
protected:
    static constexpr std::size_t kPage = 4096;

    std::vector<AddressRange> privatePages(const void* begin, std::size_t pages) {
        const Address address(reinterpret_cast<std::uint64_t>(begin));
        const auto live = LiveProcess::open(::getpid());
        EXPECT_TRUE(live);
        return (*live)->privatePages({address, address + pages * kPage});
    }

    //! Whether a page that is only read is the one of zeros that all share. Some kernels give one of its own.
    static bool zeroPageIsShared() {
        constexpr std::size_t kPages = 1024;
        auto* memory = static_cast<volatile char*>(
            ::mmap(nullptr, kPages * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        const std::uint64_t before = residentPages();
        for (std::size_t page = 0; page < kPages; ++page) {
            EXPECT_EQ(memory[page * kPage], 0);
        }
        const std::uint64_t after = residentPages();
        ::munmap(const_cast<char*>(memory), kPages * kPage);
        return after < before + kPages / 2;
    }
    //! Of /proc/self/statm, which does not count the page of zeros.
    static std::uint64_t residentPages() {
        std::ifstream file("/proc/self/statm");
        std::uint64_t all = 0;
        std::uint64_t resident = 0;
        file >> all >> resident;
        return resident;
    }
};

TEST_F(Pages, OfAnonymousMemoryAreThoseWrittenTo) {
    auto* memory = static_cast<char*>(
        ::mmap(nullptr, 16 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    ::madvise(memory, 16 * kPage, MADV_NOHUGEPAGE);
    memory[3 * kPage] = 1;
    memory[4 * kPage] = 1;
    memory[9 * kPage] = 1;
    const Address begin(reinterpret_cast<std::uint64_t>(memory));
    if (zeroPageIsShared()) {
        EXPECT_EQ(static_cast<volatile char*>(memory)[12 * kPage], 0); // only read
    }
    const std::vector<AddressRange> expected = {{begin + 3 * kPage, begin + 5 * kPage},
                                                {begin + 9 * kPage, begin + 10 * kPage}};
    EXPECT_EQ(privatePages(memory, 16), expected);
    ::munmap(memory, 16 * kPage);
}

TEST_F(Pages, OfAPrivateFileMappingAreThoseCopied) {
    FILE* file = std::tmpfile();
    const std::string content(4 * kPage, 'x');
    std::fwrite(content.data(), 1, content.size(), file);
    std::fflush(file);
    auto* memory = static_cast<char*>(
        ::mmap(nullptr, 4 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE, ::fileno(file), 0));
    EXPECT_EQ(static_cast<volatile char*>(memory)[0], 'x'); // resident, but the file's
    memory[2 * kPage] = 'y';
    const Address begin(reinterpret_cast<std::uint64_t>(memory));
    EXPECT_EQ(privatePages(memory, 4), (std::vector<AddressRange>{{begin + 2 * kPage, begin + 3 * kPage}}));
    ::munmap(memory, 4 * kPage);
    std::fclose(file);
}

} // namespace
} // namespace firstchance
