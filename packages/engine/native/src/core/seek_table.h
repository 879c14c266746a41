#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/byte_source.h"

namespace firstchance {

//! \brief The table at the end of a seekable zstd file: independent frames, then a skippable frame with their
//! sizes (facebook/zstd, contrib/seekable_format/zstd_seekable_compression_format.md). Any zstd tool skips
//! it.
class SeekTable {
public:
    struct Frame {
        std::uint64_t packedOffset = 0;
        std::uint64_t plainOffset = 0;
        std::uint32_t packedSize = 0;
        std::uint32_t plainSize = 0;
    };

    //! \brief Frames larger than this are not read at random (bytes when decompressed): the cache could not
    //! hold them.
    static constexpr std::uint32_t kMaxPlainFrame = 8U << 20;

    //! \brief Whether the file ends with a seek table's magic number.
    [[nodiscard]] static bool isPresent(const ByteSource& file);
    //! \brief Reads and checks the table of \p file. CorruptDump when it contradicts itself or the file.
    [[nodiscard]] static Result<SeekTable> read(const ByteSource& file, const std::string& path);

    void append(std::uint32_t packedSize, std::uint32_t plainSize);
    //! \brief The skippable frame to write behind the last frame.
    [[nodiscard]] std::vector<std::byte> encode() const;

    [[nodiscard]] std::size_t size() const { return frames_.size(); }
    [[nodiscard]] Frame frame(std::size_t index) const { return frames_[index]; }
    [[nodiscard]] std::uint64_t plainSize() const { return plainSize_; }
    //! \brief The frame that holds \p plainOffset, which is less than plainSize().
    [[nodiscard]] std::size_t frameAt(std::uint64_t plainOffset) const;

private:
    std::vector<Frame> frames_;
    std::uint64_t packedSize_ = 0;
    std::uint64_t plainSize_ = 0;
};

} // namespace firstchance
