#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/process_image.h"
#include "core/core_layout.h"

namespace firstchance {

//! \brief The bytes of the plain core, produced piece by piece from the image.
class CoreContents {
public:
    CoreContents(const ProcessImage& image, const CoreLayout& layout) : image_(image), layout_(layout) {}

    //! \brief Fills \p out with the file's bytes from \p offset on. Memory that the image does not give is
    //! zero. Returns how many bytes that were.
    std::uint64_t fill(std::uint64_t offset, std::span<std::byte> out) const;

private:
    std::uint64_t fillSegment(const CoreSegment& segment, std::uint64_t offset,
                              std::span<std::byte> out) const;
    std::uint64_t readPart(AddressRange part, std::span<std::byte> out) const;

    const ProcessImage& image_;
    const CoreLayout& layout_;
};

} // namespace firstchance
