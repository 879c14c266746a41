#include "agent/own_stack.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

#include "agent/text.h"

namespace firstchance::agent {
namespace {

//! Reads /proc/self/maps line by line through a small buffer.
class MapsReader {
public:
    MapsReader() : fd_(::open("/proc/self/maps", O_RDONLY | O_CLOEXEC)) {}
    MapsReader(const MapsReader&) = delete;
    MapsReader& operator=(const MapsReader&) = delete;
    ~MapsReader() {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }

    //! The next mapping and what its line ends with (at most 16 bytes); false at the end.
    bool next(std::uintptr_t& begin, std::uintptr_t& end, Text& tail) {
        begin = number('-');
        end = number(' ');
        std::size_t size = 0;
        int c = 0;
        while ((c = byte()) > 0 && c != '\n') {
            if (c == ' ') {
                size = 0;
            } else if (size < sizeof tail_) {
                tail_[size++] = static_cast<char>(c);
            }
        }
        tail = {tail_, size};
        return c == '\n';
    }

private:
    int byte() {
        if (used_ == filled_) {
            ssize_t size = 0;
            do {
                size = fd_ >= 0 ? ::read(fd_, buffer_, sizeof buffer_) : 0;
            } while (size < 0 && errno == EINTR);
            if (size <= 0) {
                return -1;
            }
            filled_ = static_cast<std::size_t>(size);
            used_ = 0;
        }
        return static_cast<unsigned char>(buffer_[used_++]);
    }
    std::uintptr_t number(char stop) {
        std::uintptr_t value = 0;
        int c = 0;
        while ((c = byte()) > 0 && c != stop && c != '\n') {
            value = value * 16 + static_cast<std::uintptr_t>(c <= '9' ? c - '0' : c - 'a' + 10);
        }
        return value;
    }

    int fd_;
    char buffer_[512];
    std::size_t used_ = 0;
    std::size_t filled_ = 0;
    char tail_[16];
};

} // namespace

bool isOnOwnStack() {
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    // glibc keeps a thread's descriptor at the upper end of the stack it made for the thread.
    const auto descriptor = static_cast<std::uintptr_t>(::pthread_self());
    const bool isMain = ::syscall(SYS_gettid) == ::getpid();
    MapsReader maps;
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    Text tail;
    while (maps.next(begin, end, tail)) {
        if (here >= begin && here < end) {
            return isMain ? equals(tail, "[stack]") : descriptor >= begin && descriptor < end;
        }
    }
    return true;
}

} // namespace firstchance::agent
