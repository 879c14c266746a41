#include "agent/native/code_memory.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/text.h"

namespace firstchance::agent {
namespace {

constexpr int kMaxDescriptor = 4096;

} // namespace

int codeMemoryDescriptor() {
    char link[40];
    char path[64];
    for (int fd = 0; fd < kMaxDescriptor; ++fd) {
        int value = fd;
        std::size_t at = sizeof link;
        link[--at] = 0;
        do {
            link[--at] = static_cast<char>('0' + value % 10);
            value /= 10;
        } while (value > 0);
        constexpr Text kFolder = "/proc/self/fd/";
        at -= kFolder.size;
        ::memcpy(link + at, kFolder.data, kFolder.size);
        const ssize_t size = ::readlink(link + at, path, sizeof path);
        const Text name = kRuntimeCodeMemory;
        if (size >= static_cast<ssize_t>(name.size) && equals({path, name.size}, name)) {
            return fd;
        }
    }
    return -1;
}

CodePage::CodePage(int fd, std::uint64_t fileOffset) {
    void* page = fd < 0 ? MAP_FAILED
                        : ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
                                 static_cast<off_t>(fileOffset / kBytes * kBytes));
    bytes_ = page == MAP_FAILED ? nullptr : static_cast<unsigned char*>(page);
}

CodePage::~CodePage() {
    if (bytes_ != nullptr) {
        ::munmap(bytes_, kBytes);
    }
}

} // namespace firstchance::agent
