#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace firstchance {

//! \brief A regular file, open for reading at any offset. Thread-safe.
class ReadableFile {
public:
    //! \brief InvalidArgument when there is none or it is no regular file, PermissionDenied when it may not
    //! be read.
    [[nodiscard]] static Result<ReadableFile> open(const std::string& path);

    //! \brief In bytes, when it was opened.
    [[nodiscard]] std::uint64_t size() const { return size_; }
    //! \brief Returns the number of bytes read from the start: less than asked for at the end or on an error.
    [[nodiscard]] std::size_t read(std::uint64_t offset, std::span<std::byte> out) const;

private:
    ReadableFile(UniqueFd file, std::uint64_t size) : file_(std::move(file)), size_(size) {}

    UniqueFd file_;
    std::uint64_t size_;
};

} // namespace firstchance
