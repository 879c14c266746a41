#include "snapshot/shared_copy.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <tuple>

#include "linux/proc_file.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kSlack = 16ULL << 20U; //!< the memfd may grow between the preparation and the pause
constexpr int kPopulateRead = 22;              // MADV_POPULATE_READ, Linux 5.14
constexpr int kPopulateWrite = 23;             // MADV_POPULATE_WRITE
constexpr const char* kMemfd = "/memfd:";

//! \brief Memory that only lives in RAM. A mapped file on a disk is not frozen: the core names it in its map.
bool isSharedMemory(const Mapping& mapping) {
    if (!mapping.shared || mapping.inode == 0 || !(mapping.readable || mapping.writable || mapping.executable)) {
        return false;
    }
    const auto starts = [&](std::string_view prefix) { return mapping.path.starts_with(prefix); };
    return starts(kMemfd) || starts("/dev/zero") || starts("/dev/shm/") || starts("/SYSV") || starts("/anon_hugepage");
}

template <class F> void forEachDataExtent(int fd, F&& visit) {
    off_t position = 0;
    for (;;) {
        const off_t data = ::lseek(fd, position, SEEK_DATA);
        if (data < 0) {
            return;
        }
        const off_t hole = ::lseek(fd, data, SEEK_HOLE);
        if (hole <= data) {
            return;
        }
        visit(static_cast<std::uint64_t>(data), static_cast<std::uint64_t>(hole - data));
        position = hole;
    }
}

struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
};

} // namespace

MappedBuffer::MappedBuffer(MappedBuffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedBuffer& MappedBuffer::operator=(MappedBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

MappedBuffer::~MappedBuffer() {
    if (data_ != nullptr) {
        ::munmap(data_, size_);
    }
}

MappedBuffer MappedBuffer::allocate(std::size_t size) {
    void* data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return data == MAP_FAILED ? MappedBuffer() : MappedBuffer(data, size);
}

void SharedCopy::prepare(pid_t pid, std::span<const Mapping> mappings, std::uint64_t limit) {
    std::copy_if(mappings.begin(), mappings.end(), std::back_inserter(copied_), isSharedMemory);
    if (copied_.empty()) {
        return;
    }
    openFiles(pid);
    std::uint64_t known = 0;
    for (File& file : files_) {
        std::uint64_t end = 0;
        forEachDataExtent(file.fd.get(), [&](std::uint64_t offset, std::uint64_t size) {
            known += size;
            end = offset + size;
        });
        void* window = ::mmap(nullptr, end + kSlack, PROT_READ, MAP_SHARED, file.fd.get(), 0);
        if (window == MAP_FAILED) {
            continue; // copyMapping reads it from the process instead
        }
        file.window = MappedBuffer(window, end + kSlack);
        forEachDataExtent(file.fd.get(), [&](std::uint64_t offset, std::uint64_t size) {
            ::madvise(file.window.data() + offset, size, kPopulateRead);
        });
    }
    buffer_ = MappedBuffer::allocate(limit);
    if (buffer_.valid()) {
        // Page faults of ours would be pause of the target.
        ::madvise(buffer_.data(), std::min<std::uint64_t>(known + (1U << 20U), limit), kPopulateWrite);
    }
    extents_.reserve(4096);
}

void SharedCopy::openFiles(pid_t pid) {
    const std::string folder = procPath(pid, "fd");
    const std::unique_ptr<DIR, CloseDirectory> directory(::opendir(folder.c_str()));
    while (const dirent* entry = directory ? ::readdir(directory.get()) : nullptr) { // NOLINT(concurrency-mt-unsafe)
        const std::string path = folder + "/" + entry->d_name;
        std::array<char, 64> link{};
        if (::readlink(path.c_str(), link.data(), link.size() - 1) <= 0 || !std::string_view(link.data()).starts_with(kMemfd)) {
            continue;
        }
        UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        struct stat status {};
        if (!fd.valid() || ::fstat(fd.get(), &status) != 0) {
            continue;
        }
        const auto same = [&](const auto& other) { return other.inode == status.st_ino && other.device == status.st_dev; };
        if (std::any_of(copied_.begin(), copied_.end(), same) && std::none_of(files_.begin(), files_.end(), same)) {
            files_.push_back({status.st_dev, status.st_ino, std::move(fd), {}});
        }
    }
}

bool SharedCopy::reserve(std::uint64_t size) {
    if (!buffer_.valid() || used_ + size > buffer_.size()) {
        lost_ += size;
        return false;
    }
    used_ += size;
    return true;
}

void SharedCopy::copyFile(const File& file) {
    forEachDataExtent(file.fd.get(), [&](std::uint64_t offset, std::uint64_t size) {
        if (offset + size > file.window.size()) {
            lost_ += size; // grew by more than the slack since the preparation
            return;
        }
        const std::uint64_t position = used_;
        if (reserve(size)) {
            std::memcpy(buffer_.data() + position, file.window.data() + offset, size);
            extents_.push_back({file.device, file.inode, offset, size, position});
        }
    });
}

void SharedCopy::copyMapping(const ProcessImage& target, const Mapping& mapping) {
    for (const AddressRange range : target.privatePages(mapping.range)) {
        const std::uint64_t offset = mapping.fileOffset + (range.begin - mapping.range.begin);
        const bool known = std::any_of(extents_.begin(), extents_.end(), [&](const Extent& e) {
            return e.inode == mapping.inode && e.device == mapping.device && e.offset <= offset && offset + range.size() <= e.offset + e.size;
        });
        const std::uint64_t position = used_;
        if (known || !reserve(range.size())) {
            continue;
        }
        const std::size_t got = target.read(range.begin, {buffer_.data() + position, range.size()});
        extents_.push_back({mapping.device, mapping.inode, offset, got, position});
    }
}

void SharedCopy::copy(const ProcessImage& target) {
    for (const File& file : files_) {
        if (file.window.valid()) {
            copyFile(file);
        }
    }
    for (const Mapping& mapping : copied_) {
        const bool mapped = std::any_of(files_.begin(), files_.end(), [&](const File& file) {
            return file.window.valid() && file.inode == mapping.inode && file.device == mapping.device;
        });
        if (!mapped) {
            copyMapping(target, mapping);
        }
    }
    std::sort(extents_.begin(), extents_.end(), [](const Extent& a, const Extent& b) {
        return std::tie(a.device, a.inode, a.offset) < std::tie(b.device, b.inode, b.offset);
    });
}

void SharedCopy::read(const Mapping& mapping, Address address, std::span<std::byte> buffer) const {
    std::memset(buffer.data(), 0, buffer.size());
    const std::uint64_t begin = mapping.fileOffset + (address - mapping.range.begin);
    const std::uint64_t end = begin + buffer.size();
    const auto first = std::partition_point(extents_.begin(), extents_.end(), [&](const Extent& e) {
        return std::tuple(e.device, e.inode, e.offset + e.size) <= std::tuple(mapping.device, mapping.inode, begin);
    });
    for (auto it = first; it != extents_.end() && it->inode == mapping.inode && it->device == mapping.device && it->offset < end; ++it) {
        const std::uint64_t from = std::max(begin, it->offset);
        const std::uint64_t to = std::min(end, it->offset + it->size);
        if (from < to) {
            std::memcpy(buffer.data() + (from - begin), buffer_.data() + it->position + (from - it->offset), to - from);
        }
    }
}

std::vector<AddressRange> SharedCopy::present(const Mapping& mapping, AddressRange range) const {
    std::vector<AddressRange> parts;
    for (const Extent& extent : extents_) {
        if (extent.inode != mapping.inode || extent.device != mapping.device || extent.offset + extent.size <= mapping.fileOffset) {
            continue;
        }
        const std::uint64_t from = std::max(extent.offset, mapping.fileOffset) - mapping.fileOffset;
        const std::uint64_t to = extent.offset + extent.size - mapping.fileOffset;
        const AddressRange part = AddressRange{mapping.range.begin + from, mapping.range.begin + to}.intersect(mapping.range).intersect(range);
        if (!part.empty()) {
            parts.push_back(part);
        }
    }
    return parts;
}

} // namespace firstchance
