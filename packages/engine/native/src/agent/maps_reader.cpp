#include "agent/maps_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

namespace firstchance::agent {

MapsReader::MapsReader() : fd_(::open("/proc/self/maps", O_RDONLY | O_CLOEXEC)) {}

MapsReader::~MapsReader() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

bool MapsReader::next(OwnMapping& mapping) {
    mapping.begin = number('-');
    mapping.end = number(' ');
    mapping.readable = byte() == 'r';
    mapping.writable = byte() == 'w';
    mapping.executable = byte() == 'x';
    skipField(); // whether it is shared
    mapping.fileOffset = number(' ');
    skipField(); // device
    int c = 0;
    while ((c = byte()) > 0 && c != ' ' && c != '\n') { // inode
    }
    while (c == ' ') {
        c = byte();
    }
    std::size_t size = 0;
    for (; c > 0 && c != '\n'; c = byte()) {
        if (size < sizeof name_) {
            name_[size++] = static_cast<char>(c);
        }
    }
    mapping.name = {name_, size};
    return c == '\n';
}

int MapsReader::byte() {
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

std::uintptr_t MapsReader::number(char stop) {
    std::uintptr_t value = 0;
    int c = 0;
    while ((c = byte()) > 0 && c != stop && c != '\n') {
        value = value * 16 + static_cast<std::uintptr_t>(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return value;
}

void MapsReader::skipField() {
    int c = 0;
    while ((c = byte()) > 0 && c != ' ' && c != '\n') {
    }
}

} // namespace firstchance::agent
