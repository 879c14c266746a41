#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"

namespace firstchance {

//! \brief Bytes by offset: a file, or the plain content of a compressed one. Thread-safe.
class ByteSource {
public:
    ByteSource() = default;
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;
    ByteSource(ByteSource&&) = delete;
    ByteSource& operator=(ByteSource&&) = delete;
    virtual ~ByteSource() = default;

    [[nodiscard]] virtual std::uint64_t size() const = 0;
    //! \brief Returns the number of bytes read from the start: less than asked for at the end or at damage.
    [[nodiscard]] virtual std::size_t read(std::uint64_t offset, std::span<std::byte> out) const = 0;
};

//! \brief Opens a regular file. InvalidArgument when there is none, PermissionDenied when it may not be read.
[[nodiscard]] Result<std::unique_ptr<ByteSource>> openFileSource(const std::string& path);

//! \brief The plain content of a seekable zstd file, decompressed frame by frame; keeps the last frames (8
//! MB).
[[nodiscard]] Result<std::unique_ptr<ByteSource>> openSeekableSource(std::unique_ptr<ByteSource> file,
                                                                     const std::string& path);

//! \brief Whether \p file begins with a zstd frame or a skippable one.
[[nodiscard]] bool isZstd(const ByteSource& file);

//! \brief "FILE is not a dump that can be read: why".
[[nodiscard]] tl::unexpected<Error> corruptDump(const std::string& path, std::string why);

} // namespace firstchance
