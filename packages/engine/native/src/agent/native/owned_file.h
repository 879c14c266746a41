#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace firstchance::agent {

//! \brief A file that is open for the life of the object.
class OwnedFile {
public:
    explicit OwnedFile(const char* path, int flags = O_RDONLY) : fd_(::open(path, flags | O_CLOEXEC)) {}
    OwnedFile(const OwnedFile&) = delete;
    OwnedFile& operator=(const OwnedFile&) = delete;
    ~OwnedFile() {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }

    [[nodiscard]] int fd() const { return fd_; }
    //! \brief False unless all of it could be read.
    bool readAt(std::uint64_t offset, void* out, std::size_t bytes) const {
        return fd_ >= 0 &&
               ::pread(fd_, out, bytes, static_cast<off_t>(offset)) == static_cast<ssize_t>(bytes);
    }

private:
    int fd_;
};

} // namespace firstchance::agent
