#include "snapshot/shared_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

#include "linux/proc_file.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kSlack = 16ULL << 20U; // the file may grow between the preparation and the pause
constexpr int kPopulateRead = 22;              // MADV_POPULATE_READ, Linux 5.14

struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
};

SharedFile* findFile(std::span<SharedFile> files, const struct stat& status) {
    const auto found = std::find_if(files.begin(), files.end(), [&](const SharedFile& file) {
        return file.is(status.st_dev, status.st_ino);
    });
    return found == files.end() ? nullptr : &*found;
}

//! \brief Opens \p path if it is one of \p files that is not open yet. A look first: to open a device or a
//! pipe may do things.
void openIfWanted(const std::string& path, std::span<SharedFile> files) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return;
    }
    SharedFile* file = findFile(files, status);
    if (file != nullptr && file->inMemory && !file->fd.valid()) {
        file->fd.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    }
}

} // namespace

void SharedFile::findExtents() {
    extents.clear();
    for (off_t position = 0;;) {
        const off_t data = ::lseek(fd.get(), position, SEEK_DATA);
        const off_t hole = data < 0 ? -1 : ::lseek(fd.get(), data, SEEK_HOLE);
        if (hole <= data) {
            return;
        }
        extents.push_back(
            {static_cast<std::uint64_t>(data), static_cast<std::uint64_t>(hole - data), kNotCopied});
        position = hole;
    }
}

std::uint64_t SharedFile::openView() {
    extents.reserve(4096);
    findExtents();
    const std::uint64_t end = extents.empty() ? 0 : extents.back().offset + extents.back().size;
    void* data = ::mmap(nullptr, end + kSlack, PROT_READ, MAP_SHARED, fd.get(), 0);
    if (data == MAP_FAILED) {
        return 0;
    }
    view = MappedBuffer(data, end + kSlack);
    std::uint64_t bytes = 0;
    for (const Extent& extent : extents) {
        // Only data: a read fault on a hole of shared memory would allocate a page of the target's.
        ::madvise(view.data() + extent.offset, extent.size, kPopulateRead);
        bytes += extent.size;
    }
    return bytes;
}

void openSharedFiles(pid_t pid, const std::string& rootPrefix, std::span<const Mapping> mappings,
                     std::span<SharedFile> files) {
    const std::string folder = procPath(pid, "fd");
    const std::unique_ptr<DIR, CloseDirectory> directory(::opendir(folder.c_str()));
    while (const dirent* entry =
               directory ? ::readdir(directory.get()) : nullptr) { // NOLINT(concurrency-mt-unsafe)
        openIfWanted(folder + "/" + entry->d_name, files);
    }
    for (const Mapping& mapping : mappings) {
        const auto wanted = std::find_if(files.begin(), files.end(), [&](const SharedFile& file) {
            return file.is(mapping.device, mapping.inode) && file.inMemory && !file.fd.valid();
        });
        if (wanted == files.end()) {
            continue;
        }
        std::array<char, 64> name{};
        std::snprintf(name.data(), name.size(), "map_files/%llx-%llx",
                      static_cast<unsigned long long>(mapping.range.begin.value()),
                      static_cast<unsigned long long>(mapping.range.end.value()));
        openIfWanted(procPath(pid, name.data()), files);
        if (mapping.isFile()) {
            openIfWanted(rootPrefix + mapping.path, files);
        }
    }
}

} // namespace firstchance
