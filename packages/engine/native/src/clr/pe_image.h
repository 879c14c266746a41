#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "base/pe_headers.h"
#include "clr/image_bytes.h"
#include "clr/modules.h"

namespace firstchance {

//! \brief A managed PE image, as a file (or mapped flat, as the runtime maps IL-only assemblies on Linux), or
//! laid out in sections as the loader maps it. Follows the PE/COFF specification; every offset is checked
//! against the source.
class PeImage {
public:
    enum class Layout { File, Mapped };

    [[nodiscard]] static std::optional<PeImage> parse(const ImageBytes& source, Layout layout);

    //! \brief The CodeView entry of the debug directory.
    [[nodiscard]] std::optional<PdbReference> pdb() const;
    //! \brief The ECMA-335 metadata, through the CLI header.
    [[nodiscard]] std::optional<ImageBytes> metadata() const;
    //! \brief Bytes the image takes when mapped in sections.
    [[nodiscard]] std::uint32_t sizeOfImage() const { return headers_.sizeOfImage.value_or(0); }
    //! \brief Of deterministic builds a hash: with sizeOfImage() it tells whether two images are the same.
    [[nodiscard]] std::uint32_t timestamp() const { return headers_.timestamp.value_or(0); }

private:
    PeImage(ImageBytes source, Layout layout, PeHeaders headers)
        : source_(std::move(source)), layout_(layout), headers_(std::move(headers)) {}
    [[nodiscard]] std::optional<std::uint64_t> offsetOf(std::uint32_t virtualAddress) const;
    [[nodiscard]] std::optional<PdbReference> codeView(std::uint64_t offset, std::uint32_t size) const;

    ImageBytes source_;
    Layout layout_;
    PeHeaders headers_;
};

//! \brief A GUID as it lies in memory (little-endian first three parts):
//! "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx".
[[nodiscard]] std::string guidText(std::span<const std::byte, 16> bytes);

} // namespace firstchance
