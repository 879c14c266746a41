#include "base/readable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace firstchance {

Result<ReadableFile> ReadableFile::open(const std::string& path) {
    const std::string what = "open " + path;
    // O_NONBLOCK: a named pipe would block until somebody writes to it.
    UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.valid()) {
        const bool denied = errno == EACCES || errno == EPERM;
        return failSystem(denied ? ErrorCode::PermissionDenied : ErrorCode::InvalidArgument, what, errno,
                          denied ? "Run as the user who owns the file" : "Check the path");
    }
    struct stat info {};
    if (::fstat(file.get(), &info) != 0) {
        return failSystem(ErrorCode::InvalidArgument, what, errno);
    }
    if (!S_ISREG(info.st_mode)) {
        return fail({ErrorCode::InvalidArgument, what, "it is not a regular file", "Name a dump file", 0});
    }
    return ReadableFile(std::move(file), static_cast<std::uint64_t>(info.st_size));
}

std::size_t ReadableFile::read(std::uint64_t offset, std::span<std::byte> out) const {
    std::size_t done = 0;
    while (done < out.size() && offset + done < size_) {
        const ssize_t got =
            ::pread(file_.get(), out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
        if (got > 0) {
            done += static_cast<std::size_t>(got);
        } else if (got == 0 || errno != EINTR) {
            break;
        }
    }
    return done;
}

} // namespace firstchance
