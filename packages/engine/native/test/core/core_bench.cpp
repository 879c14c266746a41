// Prints how fast a core of a heap of SIZE MB is written: core_bench FOLDER [SIZE_MB] [THREADS].
// The memory is a mixture of what a managed heap holds (small integers, pointers close to each other, text,
// zeros) and is read from a second process as a frozen copy is.
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "core/core_file.h"
#include "core/core_writer.h"

namespace {

using namespace firstchance;

void fillHeap(std::byte* bytes, std::size_t size) {
    std::uint64_t state = 42;
    const char text[] =
        "The quick brown fox jumps over the lazy dog; order 4711 was shipped to customer 0815. ";
    for (std::size_t at = 0; at + 64 <= size; at += 64) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        std::uint64_t object[8] = {0x7f1234560000 + (state >> 60) * 0x88, // type
                                   0x7e0000000000 +
                                       ((at + ((state >> 40) & 0xffff)) & ~7ULL), // references nearby
                                   0x7e0000000000 + ((state >> 20) & 0xfffffff8),
                                   state >> 52,
                                   at / 64,
                                   0,
                                   0,
                                   (state >> 33) & 0xff};
        std::memcpy(bytes + at, object, sizeof object);
        if ((state >> 61) == 0) {
            std::memcpy(bytes + at + 16, text + (state >> 50) % 40, 48);
        }
    }
}

class ChildImage final : public ProcessImage {
public:
    explicit ChildImage(std::size_t size) : size_(size) {
        void* block = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        begin_ = reinterpret_cast<std::uint64_t>(block);
        int ready[2];
        if (::pipe(ready) != 0) {
            std::abort();
        }
        child_ = ::fork();
        if (child_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            fillHeap(static_cast<std::byte*>(block), size);
            if (::write(ready[1], "x", 1) != 1) {
                ::_exit(1);
            }
            for (;;) {
                ::pause();
            }
        }
        ::munmap(block, size);
        char byte = 0;
        if (::read(ready[0], &byte, 1) != 1) {
            std::abort();
        }
        Mapping mapping;
        mapping.range = {Address(begin_), Address(begin_ + size)};
        mapping.readable = mapping.writable = true;
        mappings_.push_back(mapping);
        ThreadImage thread;
        thread.tid = child_;
        threads_.push_back(thread);
    }
    ~ChildImage() override {
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
    }
    pid_t pid() const override { return child_; }
    const std::string& commandName() const override { return name_; }
    std::span<const Mapping> mappings() const override { return mappings_; }
    std::span<const ThreadImage> threads() const override { return threads_; }
    std::span<const std::byte> auxiliaryVector() const override { return {}; }
    std::size_t read(Address address, std::span<std::byte> buffer) const override {
        const iovec local{buffer.data(), buffer.size()};
        const iovec remote{reinterpret_cast<void*>(address.value()), buffer.size()};
        const ssize_t got = ::process_vm_readv(child_, &local, 1, &remote, 1, 0);
        return got < 0 ? 0 : static_cast<std::size_t>(got);
    }
    std::vector<AddressRange> privatePages(AddressRange range) const override { return {range}; }

private:
    std::size_t size_;
    std::uint64_t begin_ = 0;
    pid_t child_ = 0;
    std::string name_ = "bench";
    std::vector<Mapping> mappings_;
    std::vector<ThreadImage> threads_;
};

long peakMegabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: core_bench FOLDER [SIZE_MB] [THREADS]\n");
        return 64;
    }
    const std::size_t size = (argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 512) << 20;
    const int threads = argc > 3 ? std::atoi(argv[3]) : 1; // NOLINT(cert-err34-c)
    const ChildImage image(size);
    MemorySelection selection;
    selection.add(image.mappings()[0].range);
    const long before = peakMegabytes();
    for (const bool compressed : {false, true}) {
        CoreOptions options;
        options.path = std::string(argv[1]) + "/core_bench.core";
        options.compressed = compressed;
        options.threads = threads;
        const auto start = std::chrono::steady_clock::now();
        const auto written = writeCore(image, selection, options);
        const double seconds = secondsSince(start);
        if (!written) {
            std::fprintf(stderr, "%s\n", describe(written.error()).c_str());
            return 1;
        }
        const double megabytes = static_cast<double>(written->rawBytes) / (1 << 20);
        std::printf("%-10s %6.0f MB -> %6.0f MB  %5.2f s  %5.0f MB/s  peak memory %ld MB (%ld before)\n",
                    compressed ? "compressed" : "plain", megabytes,
                    static_cast<double>(written->bytes) / (1 << 20), seconds, megabytes / seconds,
                    peakMegabytes(), before);
        const auto core = CoreFile::open(options.path);
        std::vector<std::byte> buffer(1 << 20);
        const auto readStart = std::chrono::steady_clock::now();
        for (Address at = image.mappings()[0].range.begin; core && at < image.mappings()[0].range.end;
             at += buffer.size()) {
            if ((*core)->read(at, buffer) != buffer.size()) {
                return 1;
            }
        }
        std::printf("%-10s read back %5.0f MB/s\n", "", megabytes / secondsSince(readStart));
        ::unlink(options.path.c_str());
    }
    return 0;
}
