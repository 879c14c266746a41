#pragma once

#include <sys/types.h>

#include <span>
#include <vector>

#include "base/process_image.h"
#include "base/unique_fd.h"
#include "snapshot/mapped_buffer.h"

namespace firstchance {

//! \brief One file whose pages the target shares: a memfd, anonymous shared memory, a file on a disk.
struct SharedFile {
    //! \brief A part of the file that was data in the pause.
    struct Extent {
        std::uint64_t offset = 0;
        std::uint64_t size = 0;
        std::uint64_t position = 0; //!< in the copy's buffer, or kNotCopied
    };
    static constexpr std::uint64_t kNotCopied = UINT64_MAX;

    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    bool inMemory = false; //!< no disk behind it
    bool complete = false; //!< extents tell all of it: the rest is holes
    UniqueFd fd;
    MappedBuffer view;           //!< our own, where fd could be opened
    std::vector<Extent> extents; //!< sorted, without overlap

    [[nodiscard]] bool is(std::uint64_t otherDevice, std::uint64_t otherInode) const {
        return inode == otherInode && device == otherDevice;
    }
    //! \brief Maps the file with room to grow and reads its data into our page tables. Returns the bytes of
    //! data.
    std::uint64_t openView();
    //! \brief Fills extents with all data of the file as it is now, not copied yet.
    void findExtents();
};

//! \brief Opens the in-memory files among \p files: through the target's descriptors, its /proc/PID/map_files
//! (root only), or their path. What cannot be opened is read through the target's memory instead.
void openSharedFiles(pid_t pid, const std::string& rootPrefix, std::span<const Mapping> mappings,
                     std::span<SharedFile> files);

} // namespace firstchance
