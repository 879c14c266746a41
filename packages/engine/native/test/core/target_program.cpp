// What the tests stop and dump: threads that wait, memory of known content. Ends with 0 when stdin ends and
// its memory is as it was.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t kSize = 8U << 20;
int gate[2];

std::uint64_t expected(std::size_t i) {
    return i % 512 == 0 ? i : (i / 4096) % 3 == 0 ? 0 : i * 0x9E3779B97F4A7C15ULL >> 48;
}

void waitForTheEnd() {
    char byte = 0;
    while (::read(gate[0], &byte, 1) < 0) {
    }
}

} // namespace

int main() {
    if (::pipe(gate) != 0) {
        return 2;
    }
    void* block = ::mmap(nullptr, 2 * kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    auto* words = static_cast<std::uint64_t*>(block);
    for (std::size_t i = 0; i < kSize / 8; ++i) {
        words[i] = expected(i);
    }
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back(waitForTheEnd);
    }
    std::printf("%lu %lu\n", reinterpret_cast<unsigned long>(block), static_cast<unsigned long>(kSize));
    std::fflush(stdout);
    char byte = 0;
    while (::read(0, &byte, 1) > 0) {
    }
    ::close(gate[1]);
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (std::size_t i = 0; i < kSize / 8; ++i) {
        if (words[i] != expected(i)) {
            return 1;
        }
    }
    return 0;
}
