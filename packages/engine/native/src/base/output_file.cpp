#include "base/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>

namespace firstchance {
namespace {

//! \brief A write beyond RLIMIT_FSIZE raises SIGXFSZ, which would end the process, besides returning EFBIG.
class ScopedFileSizeSignalBlock {
public:
    ScopedFileSizeSignalBlock() {
        sigemptyset(&signal_);
        sigaddset(&signal_, SIGXFSZ);
        pthread_sigmask(SIG_BLOCK, &signal_, &before_);
    }
    ScopedFileSizeSignalBlock(const ScopedFileSizeSignalBlock&) = delete;
    ScopedFileSizeSignalBlock& operator=(const ScopedFileSizeSignalBlock&) = delete;
    ScopedFileSizeSignalBlock(ScopedFileSizeSignalBlock&&) = delete;
    ScopedFileSizeSignalBlock& operator=(ScopedFileSizeSignalBlock&&) = delete;
    ~ScopedFileSizeSignalBlock() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

    //! \brief Takes the signal that our own write raised.
    void consume() const {
        if (sigismember(&before_, SIGXFSZ) == 0) {
            const timespec now{};
            sigtimedwait(&signal_, nullptr, &now);
        }
    }

private:
    sigset_t signal_{};
    sigset_t before_{};
};

std::string partialName(const std::string& name) {
    static std::atomic<unsigned> counter{0};
    // A file name has at most 255 bytes.
    return "." + name.substr(0, 200) + ".partial-" + std::to_string(::getpid()) + "-" +
           std::to_string(counter.fetch_add(1));
}

const char* folderCure(int systemError) {
    switch (systemError) {
    case ENOENT:
    case ENOTDIR: return "Create the folder, or choose another output folder";
    case EROFS: return "Choose an output folder on a file system that can be written";
    case ENAMETOOLONG: return "Choose a shorter output path";
    default: return "Choose an output folder that this user may write";
    }
}

} // namespace

std::string megabytes(std::uint64_t bytes) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f MB", static_cast<double>(bytes) / (1024.0 * 1024.0));
    return text.data();
}

Result<OutputFile> OutputFile::create(const std::string& path, Naming naming) {
    OutputFile output;
    output.path_ = path;
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
    output.name_ = slash == std::string::npos ? path : path.substr(slash + 1);
    const auto refuse = [&](int error) {
        return failSystem(ErrorCode::OutputNotWritable, "create " + path, error, folderCure(error));
    };
    if (output.name_.empty() || output.name_ == "." || output.name_ == "..") {
        return refuse(EISDIR);
    }
    output.folder_.reset(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!output.folder_.valid()) {
        return refuse(errno);
    }
    struct stat existing {};
    if (::fstatat(output.folder_.get(), output.name_.c_str(), &existing, AT_SYMLINK_NOFOLLOW) == 0) {
        return failSystem(ErrorCode::OutputNotWritable, "create " + path, EEXIST,
                          "Remove the file, or choose another name");
    }
    if (errno != ENOENT) {
        return refuse(errno);
    }
    constexpr int kFlags = O_WRONLY | O_CLOEXEC;
    if (naming == Naming::UnnamedIfPossible) {
        // Without O_EXCL, which would forbid to name it later (open(2)).
        output.file_.reset(::openat(output.folder_.get(), ".", kFlags | O_TMPFILE, 0600));
    }
    if (!output.file_.valid()) {
        // A file system without O_TMPFILE answers EOPNOTSUPP, EISDIR or ENOENT, depending on the kernel: the
        // attempt with a name says what is really wrong.
        const std::string name = partialName(output.name_);
        output.file_.reset(
            ::openat(output.folder_.get(), name.c_str(), kFlags | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
        if (!output.file_.valid()) {
            const int error = errno;
            return error == ENOSPC || error == EDQUOT ? output.writeError(error) : refuse(error);
        }
        output.partialName_ = name;
    }
    return output;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)), name_(std::move(other.name_)),
      partialName_(std::exchange(other.partialName_, {})), folder_(std::move(other.folder_)),
      file_(std::move(other.file_)) {}

OutputFile::~OutputFile() {
    if (!partialName_.empty()) {
        ::unlinkat(folder_.get(), partialName_.c_str(), 0);
    }
}

tl::unexpected<Error> OutputFile::writeError(int systemError) const {
    const std::string what = "write " + path_;
    switch (systemError) {
    case ENOSPC:
        return failSystem(ErrorCode::DiskFull, what, systemError,
                          "Free disk space, or choose another folder");
    case EDQUOT:
        return failSystem(ErrorCode::DiskFull, what, systemError,
                          "Raise the disk quota, or choose another folder");
    case EFBIG:
        return failSystem(ErrorCode::DiskFull, what, systemError,
                          "Raise the limit of file sizes (ulimit -f), or write a compressed or smaller dump");
    default:
        return failSystem(ErrorCode::OutputNotWritable, what, systemError, "Choose another output folder");
    }
}

Result<void> OutputFile::writeAt(std::uint64_t offset, std::span<const std::byte> bytes) {
    const ScopedFileSizeSignalBlock block;
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0) {
            const int error = errno;
            if (error == EINTR) {
                continue;
            }
            block.consume();
            return writeError(error);
        }
        offset += static_cast<std::uint64_t>(written);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> OutputFile::resize(std::uint64_t bytes) {
    const ScopedFileSizeSignalBlock block;
    if (::ftruncate(file_.get(), static_cast<off_t>(bytes)) != 0) {
        const int error = errno;
        block.consume();
        return writeError(error);
    }
    return {};
}

Result<void> OutputFile::publish() {
    const std::string what = "name the finished file " + path_;
    if (partialName_.empty()) {
        const std::string self = "/proc/self/fd/" + std::to_string(file_.get());
        if (::linkat(AT_FDCWD, self.c_str(), folder_.get(), name_.c_str(), AT_SYMLINK_FOLLOW) != 0) {
            return failSystem(ErrorCode::OutputNotWritable, what, errno, folderCure(errno));
        }
        file_.reset();
        return {};
    }
    // A network file system reports a full disk or quota only when the file is closed.
    if (::close(file_.release()) != 0 && errno != EINTR) {
        return writeError(errno);
    }
    int result =
        ::renameat2(folder_.get(), partialName_.c_str(), folder_.get(), name_.c_str(), RENAME_NOREPLACE);
    if (result != 0 && (errno == EINVAL || errno == ENOSYS)) {
        // The file system cannot refuse to replace (NFS). create() saw that the name was free.
        result = ::renameat(folder_.get(), partialName_.c_str(), folder_.get(), name_.c_str());
    }
    if (result != 0) {
        return failSystem(ErrorCode::OutputNotWritable, what, errno, folderCure(errno));
    }
    partialName_.clear();
    return {};
}

std::uint64_t OutputFile::freeBytes() const {
    struct statvfs info {};
    // A tmpfs without a limit says that it has no blocks at all.
    if (::fstatvfs(file_.get(), &info) != 0 || info.f_blocks == 0) {
        return UINT64_MAX;
    }
    return static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
}

std::uint64_t OutputFile::allocatedBytes() const {
    struct stat info {};
    return ::fstat(file_.get(), &info) == 0 ? static_cast<std::uint64_t>(info.st_blocks) * 512 : 0;
}

} // namespace firstchance
