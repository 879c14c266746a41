#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/process_image.h"
#include "base/result.h"
#include "core/memory_selection.h"

namespace firstchance {

struct CoreOptions {
    std::string path;       //!< the finished file; must not exist yet
    bool compressed = true; //!< seekable zstd, else a plain sparse ELF file
    //! zstd level, clamped to what fits the memory bound (-50 to 19). None: 6 for a core of at most 32 MB,
    //! for which it takes some 30 ms of processor time more per 4 MB than 1 and makes the file 7 to 9 percent
    //! smaller; else 1.
    std::optional<int> level;
    int threads = 1;       //!< compression threads, clamped to 1 to 8; reading and writing have their own
    pid_t firstThread = 0; //!< the thread a debugger shows first; 0: the leader
    Address runtimeBase;   //!< base of the runtime's module, null when unknown
    std::uint64_t minFreeBytes = 0; //!< stops with DiskFull before less than this is free on the file system
    //! Bytes of the plain core done and in all; called on the calling thread, at most ten times a second and
    //! at the end.
    std::function<void(std::uint64_t done, std::uint64_t total)> progress;
    const std::atomic<bool>* cancelled = nullptr;
};

struct WrittenCore {
    std::uint64_t bytes = 0;    //!< allocated or compressed size of the file
    std::uint64_t rawBytes = 0; //!< size of the plain core, holes included
    std::uint32_t segments = 0; //!< PT_LOADs
    std::uint64_t unreadableBytes =
        0; //!< selected and mapped, but the image refused to give them: zero in the core
    std::uint64_t closedGapBytes = 0; //!< CoreLayout::closedGapBytes
};

//! \brief Writes the core. The file appears under its final name only when it is whole, with mode 0600; on
//! any failure nothing is left behind (killed outright: nothing either where the file system has O_TMPFILE,
//! else a
//! ".partial" file).
//!
//! Errors: OutputNotWritable (folder missing, not permitted, file exists), DiskFull (ENOSPC, EDQUOT, a file
//! size limit, minFreeBytes; says how much was missing), Cancelled, TargetGone (the image stopped answering
//! midway). Memory: at most 24 MB beside the notes, whatever the size of the core.
[[nodiscard]] Result<WrittenCore> writeCore(const ProcessImage& image, const MemorySelection& selection,
                                            const CoreOptions& options);

} // namespace firstchance
