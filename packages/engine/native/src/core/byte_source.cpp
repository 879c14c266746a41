#include "core/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/unique_fd.h"

namespace firstchance {
namespace {

class FileSource final : public ByteSource {
public:
    FileSource(UniqueFd file, std::uint64_t size) : file_(std::move(file)), size_(size) {}

    [[nodiscard]] std::uint64_t size() const override { return size_; }

    [[nodiscard]] std::size_t read(std::uint64_t offset, std::span<std::byte> out) const override {
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

private:
    UniqueFd file_;
    std::uint64_t size_;
};

} // namespace

Result<std::unique_ptr<ByteSource>> openFileSource(const std::string& path) {
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
    return std::make_unique<FileSource>(std::move(file), static_cast<std::uint64_t>(info.st_size));
}

bool isZstd(const ByteSource& file) {
    std::array<std::byte, 4> bytes{};
    std::uint32_t magic = 0;
    if (file.read(0, bytes) != bytes.size()) {
        return false;
    }
    std::memcpy(&magic, bytes.data(), sizeof magic);
    return magic == 0xFD2FB528 || (magic & 0xFFFFFFF0) == 0x184D2A50;
}

tl::unexpected<Error> corruptDump(const std::string& path, std::string why) {
    return fail({ErrorCode::CorruptDump, "read the dump " + path, std::move(why),
                 "Copy the file again from where it was written, or take another dump", 0});
}

} // namespace firstchance
