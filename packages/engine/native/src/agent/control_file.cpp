#include "agent/control_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace firstchance::agent {
namespace {

bool isTrustworthy(int fd) {
    struct stat status {};
    return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == ::geteuid() &&
           (status.st_mode & (S_IWGRP | S_IWOTH)) == 0 &&
           status.st_size == static_cast<off_t>(sizeof(ControlLayout));
}

bool describesOurLayout(const ControlLayout& control) {
    return control.magic == kControlMagic && control.version == kControlVersion &&
           control.bytes == sizeof(ControlLayout) &&
           ::memchr(control.socketPath, '\0', sizeof control.socketPath) != nullptr;
}

// The lists, or false when the text holds fewer patterns than were announced.
bool splitPatterns(const ControlLayout& control, std::size_t bytes, Filter& filter) {
    const std::uint32_t counts[] = {control.includeCount, control.excludeCount, control.declineCount};
    PatternList* lists[] = {&filter.include, &filter.exclude, &filter.decline};
    const char* text = filter.patterns;
    const char* end = text + bytes;
    for (std::size_t i = 0; i < 3; ++i) {
        *lists[i] = PatternList(text, counts[i]);
        for (std::uint32_t k = 0; k < counts[i]; ++k) {
            const void* zero = ::memchr(text, '\0', static_cast<std::size_t>(end - text));
            if (zero == nullptr) {
                return false;
            }
            text = static_cast<const char*>(zero) + 1;
        }
    }
    return true;
}

} // namespace

ControlLayout* mapControlFile(const char* path) {
    int fd = -1;
    do {
        fd = ::open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0) {
        return nullptr;
    }
    void* mapping = MAP_FAILED;
    if (isTrustworthy(fd)) {
        mapping = ::mmap(nullptr, sizeof(ControlLayout), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    }
    ::close(fd);
    if (mapping == MAP_FAILED) {
        return nullptr;
    }
    auto* control = static_cast<ControlLayout*>(mapping);
    if (!describesOurLayout(*control)) {
        ::munmap(mapping, sizeof(ControlLayout));
        return nullptr;
    }
    return control;
}

bool controlPathFromEnvironment(char* path, std::size_t capacity) {
    const char* session = ::getenv("FIRSTCHANCE_SESSION");
    if (session == nullptr || session[0] != '/') {
        return false;
    }
    const int size = ::snprintf(path, capacity, "%s/.agent", session);
    return size > 0 && static_cast<std::size_t>(size) < capacity;
}

bool readFilter(const ControlLayout& control, Filter& filter) {
    for (int attempt = 0; attempt < 1000; ++attempt) {
        const std::uint32_t before = control.generation.load(std::memory_order_acquire);
        if ((before & 1) == 0) {
            const std::size_t bytes =
                control.patternBytes < kMaxPatternBytes ? control.patternBytes : kMaxPatternBytes;
            ::memcpy(filter.patterns, control.patterns, bytes);
            const bool whole = splitPatterns(control, bytes, filter);
            std::atomic_thread_fence(std::memory_order_acquire);
            if (control.generation.load(std::memory_order_relaxed) == before) {
                filter.generation = before;
                return whole;
            }
        }
        ::sched_yield();
    }
    return false;
}

} // namespace firstchance::agent
