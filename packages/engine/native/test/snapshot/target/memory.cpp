// Memory of every kind that a freeze must take at one instant, and a thread that never stops writing to it.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <thread>

#include "counters.h"

namespace {

constexpr std::size_t kPage = 4096;

//! \brief Two counters; the writer sets begin everywhere, then end everywhere, in one fixed order.
struct Pair {
    volatile std::uint64_t begin;
    volatile std::uint64_t end;
};

struct Memory {
    Pair* priv;
    Pair* shared;
    Pair* doubled;
    Pair* file;
    volatile std::uint64_t* heap; //!< the first word of each page: the round in which it was written last
    std::size_t pages;
};

void* map(std::size_t size, int protection, int flags, int fd) {
    return ::mmap(nullptr, size, protection, flags, fd, 0);
}

void keepWriting(Memory memory) {
    std::size_t page = 0;
    std::uint64_t round = 1;
    for (std::uint64_t value = 1; !counters().stop; ++value) {
        memory.priv->begin = value;
        memory.shared->begin = value;
        memory.doubled->begin = value;
        memory.file->begin = value;
        memory.priv->end = value;
        memory.shared->end = value;
        memory.doubled->end = value;
        memory.file->end = value;
        memory.heap[page * kPage / sizeof(std::uint64_t)] = round;
        if (++page == memory.pages) {
            page = 0;
            ++round;
        }
    }
}

unsigned long long number(const volatile void* pointer) {
    return reinterpret_cast<unsigned long long>(pointer);
}

} // namespace

void startWriter(std::size_t heapMegabytes) {
    constexpr int kReadWrite = PROT_READ | PROT_WRITE;
    Memory memory{};
    memory.priv = static_cast<Pair*>(map(kPage, kReadWrite, MAP_PRIVATE | MAP_ANONYMOUS, -1));
    memory.shared = static_cast<Pair*>(map(kPage, kReadWrite, MAP_SHARED | MAP_ANONYMOUS, -1));
    // As the runtime's W^X memory: a sparse memfd of 2 TB mapped executable and, elsewhere, writable; and
    // reserved.
    const int fd = static_cast<int>(::syscall(SYS_memfd_create, "doublemapper", 1U));
    constexpr std::size_t kDoubled = 64 * kPage;
    if (::ftruncate(fd, 2048LL << 30) != 0) {
        std::perror("ftruncate");
    }
    void* code = map(kDoubled, PROT_READ | PROT_EXEC, MAP_SHARED, fd);
    memory.doubled = static_cast<Pair*>(map(kDoubled, kReadWrite, MAP_SHARED, fd));
    void* reserved = map(1ULL << 30, PROT_NONE, MAP_SHARED, fd);
    std::memset(reinterpret_cast<char*>(memory.doubled) + kPage, 0x5a, kPage); // the rest stays a hole
    char name[] = "/tmp/firstchance-target-XXXXXX";
    const int file = ::mkstemp(name);
    ::unlink(name);
    if (::ftruncate(file, kPage) != 0) {
        std::perror("ftruncate");
    }
    memory.file = static_cast<Pair*>(map(kPage, kReadWrite, MAP_SHARED, file));
    memory.doubled->begin = 0;
    memory.file->begin = 0; // resident from the start: what never was is not copied but read later
    const int self = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    const void* view = map(kPage, PROT_READ, MAP_SHARED, self); // as the runtime maps assemblies: r--s
    memory.pages = (heapMegabytes << 20U) / kPage;
    memory.heap =
        static_cast<std::uint64_t*>(map(memory.pages * kPage, kReadWrite, MAP_PRIVATE | MAP_ANONYMOUS, -1));
    std::memset(const_cast<std::uint64_t*>(memory.heap), 0, memory.pages * kPage);
    void* untouched = map(1ULL << 30, kReadWrite, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
    std::printf("private=%llu shared=%llu doubled=%llu code=%llu reserved=%llu file=%llu view=%llu heap=%llu "
                "pages=%zu "
                "untouched=%llu memfd=%d ",
                number(memory.priv), number(memory.shared), number(memory.doubled), number(code),
                number(reserved), number(memory.file), number(view), number(memory.heap), memory.pages,
                number(untouched), fd);
    std::thread(keepWriting, memory).detach();
}
