#include "linux/elf_functions.h"

#include <gtest/gtest.h>
#include <link.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace firstchance {

//! A function to be found: not static, so that it has a symbol.
__attribute__((noinline)) int toBeFound(int value) {
    return value + 1;
}

namespace {

std::uint64_t linkAddress(const void* function) {
    std::uint64_t base = 0;
    ::dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* data) {
            *static_cast<std::uint64_t*>(data) = info->dlpi_addr; // the executable comes first
            return 1;
        },
        &base);
    return reinterpret_cast<std::uint64_t>(function) - base;
}

TEST(ElfFunctions, NamesAFunctionFromWithin) {
    const ElfFunctions functions = ElfFunctions::read("/proc/self/exe");
    const std::uint64_t address = linkAddress(reinterpret_cast<const void*>(&toBeFound));
    EXPECT_EQ(functions.nameAt(address), "firstchance::toBeFound(int)");
    EXPECT_EQ(functions.nameAt(address + 1), "firstchance::toBeFound(int)");
    EXPECT_EQ(functions.nameAt(0), std::nullopt);
}

TEST(ElfFunctions, OfWhatIsNoElfFileKnowsNothing) {
    for (const char* path : {"/nowhere", "/dev/zero", "/proc/self", "/etc/passwd", ""}) {
        EXPECT_EQ(ElfFunctions::read(path).nameAt(0x1000), std::nullopt) << path;
    }
}

TEST(ElfFunctions, StandsDamagedFiles) {
    std::ifstream whole("/proc/self/exe", std::ios::binary);
    std::string bytes(std::size_t{1} << 16, '\0');
    whole.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    std::string path = (std::filesystem::temp_directory_path() / "fc-elf-XXXXXX").string();
    const int fd = ::mkstemp(path.data());
    ASSERT_GE(fd, 0);
    ::close(fd);
    std::uint32_t random = 7;
    for (int round = 0; round < 200; ++round) {
        std::string damaged = bytes.substr(0, round % 2 == 0 ? bytes.size() : 100 + round * 10);
        for (int i = 0; i < 20; ++i) {
            random = random * 1664525 + 1013904223;
            // Behind the magic number, most of them in the headers.
            damaged[5 + random % (i < 15 ? 800 : damaged.size() - 5) % (damaged.size() - 5)] =
                static_cast<char>(random >> 24);
        }
        std::ofstream(path, std::ios::binary | std::ios::trunc) << damaged;
        static_cast<void>(ElfFunctions::read(path).nameAt(0x1000 + random % 0x100000));
    }
    std::filesystem::remove(path);
}

} // namespace
} // namespace firstchance
