// Obeys one line on standard input after the other and answers each with what malloc has in use.
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

char g_line[256];
char g_output[4096];
void* g_blocks[100'000];
int g_count = 0;
sem_t g_ready;

void allocate(int count, size_t bytes) {
    for (int i = 0; i < count && g_count < 100'000; ++i) {
        g_blocks[g_count] = ::malloc(bytes);
        ::memset(g_blocks[g_count++], 1, bytes);
    }
}

//! As the runtime's compiler does: a link and its own size at the begin of each.
void allocateSlabs(int count, size_t bytes) {
    const int first = g_count;
    allocate(count, bytes);
    for (int i = first; i < g_count; ++i) {
        auto* words = static_cast<uint64_t*>(g_blocks[i]);
        words[0] = i > first ? reinterpret_cast<uint64_t>(g_blocks[i - 1]) : 0;
        words[1] = bytes;
    }
}

void* inThread(void* argument) {
    // An arena of its own, and a stack that is used.
    void* volatile block = ::malloc(static_cast<size_t>(reinterpret_cast<intptr_t>(argument)));
    ::sem_post(&g_ready);
    ::pause();
    return block;
}

void startThreads(int count, size_t bytes) {
    for (int i = 0; i < count; ++i) {
        pthread_t thread{};
        ::pthread_create(&thread, nullptr, &inThread, reinterpret_cast<void*>(bytes));
        ::sem_wait(&g_ready);
    }
}

void map(int count, size_t bytes, int flags, int fd) {
    for (int i = 0; i < count; ++i) {
        void* at = ::mmap(nullptr, bytes, PROT_READ | (fd < 0 || (flags & MAP_SHARED) != 0 ? PROT_WRITE : 0),
                          flags, fd, 0);
        if (fd < 0 || (flags & MAP_SHARED) != 0) {
            ::memset(at, 1, bytes);
        }
    }
}

//! As the collector does: one reservation, in which the begin of each region is committed.
void commitParts(int count, size_t bytes) {
    const auto size = static_cast<size_t>(count) * 2 * bytes;
    auto* at = static_cast<char*>(::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    for (int i = 0; i < count; ++i) {
        char* const region = at + static_cast<size_t>(i) * 2 * bytes;
        ::mprotect(region, bytes, PROT_READ | PROT_WRITE);
        ::memset(region, 1, bytes);
    }
}

void obey(const char* word, int count, size_t bytes) {
    const auto is = [&](const char* name) { return ::strcmp(word, name) == 0; };
    if (is("malloc")) {
        allocate(count, bytes);
    } else if (is("slabs")) {
        allocateSlabs(count, bytes);
    } else if (is("free")) {
        // Every second one: they cannot melt into one another.
        for (int i = 0; i < g_count; i += 2) {
            ::free(g_blocks[i]);
            g_blocks[i] = nullptr;
        }
    } else if (is("threads")) {
        startThreads(count, bytes);
    } else if (is("anonymous")) {
        map(count, bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    } else if (is("heap")) {
        commitParts(count, bytes);
    } else if (is("executable")) {
        void* at =
            ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        ::memset(at, 0xcc, bytes);
    } else if (is("shared")) {
        const int fd = ::memfd_create("test", 0);
        [[maybe_unused]] const int sized = ::ftruncate(fd, static_cast<off_t>(bytes));
        map(1, bytes, MAP_SHARED, fd);
        ::close(fd);
    } else if (is("file")) {
        const int fd = ::open("/proc/self/exe", O_RDONLY);
        map(count, bytes, MAP_PRIVATE, fd);
        ::close(fd);
    } else if (is("open")) {
        for (int i = 0; i < count; ++i) {
            ::open("/dev/null", O_RDONLY);
        }
    } else if (is("sockets")) {
        for (int i = 0; i < count; ++i) {
            ::socket(AF_UNIX, SOCK_STREAM, 0);
        }
    }
}

} // namespace

int main() {
    ::setvbuf(stdout, g_output, _IOFBF, sizeof g_output);
    ::sem_init(&g_ready, 0, 0);
    static char input[4096];
    ::setvbuf(stdin, input, _IOFBF, sizeof input);
    while (::fgets(g_line, sizeof g_line, stdin) != nullptr) {
        char word[32] = "";
        int count = 0;
        unsigned long bytes = 0;
        if (::sscanf(g_line, "%31s %d %lu", word, &count, &bytes) < 1) {
            return 1;
        }
        obey(word, count, bytes);
        const struct mallinfo2 info = ::mallinfo2();
        ::printf("%zu\n", info.uordblks + info.hblkhd);
        ::fflush(stdout);
    }
    return 0;
}
