#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace firstchance {

//! \brief A file that appears under its name only when it is whole; destroyed before publish(), it leaves
//! nothing.
class OutputFile {
public:
    enum class Naming {
        UnnamedIfPossible, //!< O_TMPFILE: not even a kill -9 leaves anything; else as PartialName
        PartialName,       //!< ".NAME.partial-PID-N" beside it: for file systems without O_TMPFILE (NFS, old
                           //!< overlayfs)
    };

    //! \brief Opens for writing with mode 0600. OutputNotWritable when \p path exists, its folder does not,
    //! or it may not be written.
    [[nodiscard]] static Result<OutputFile> create(const std::string& path,
                                                   Naming naming = Naming::UnnamedIfPossible);
    OutputFile(OutputFile&& other) noexcept;
    OutputFile& operator=(OutputFile&& other) = delete;
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    ~OutputFile();

    //! \brief Writes all of \p bytes at \p offset. DiskFull for ENOSPC, EDQUOT and EFBIG.
    [[nodiscard]] Result<void> writeAt(std::uint64_t offset, std::span<const std::byte> bytes);
    //! \brief Sets the size; what was not written is a hole.
    [[nodiscard]] Result<void> resize(std::uint64_t bytes);
    //! \brief Gives the file its name; never replaces another file.
    [[nodiscard]] Result<void> publish();

    //! \brief Bytes free for this user on the file system; UINT64_MAX when it does not say.
    [[nodiscard]] std::uint64_t freeBytes() const;
    //! \brief Bytes the file takes on the disk, holes not counted.
    [[nodiscard]] std::uint64_t allocatedBytes() const;

private:
    OutputFile() = default;
    [[nodiscard]] tl::unexpected<Error> writeError(int systemError) const;

    std::string path_;
    std::string name_;
    std::string partialName_; //!< empty while the file has no name
    UniqueFd folder_;
    UniqueFd file_;
};

//! \brief "12.3 MB": for sentences in errors.
[[nodiscard]] std::string megabytes(std::uint64_t bytes);

} // namespace firstchance
