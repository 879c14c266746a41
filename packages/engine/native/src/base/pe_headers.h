#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace firstchance {

//! \brief What the headers of a managed PE image say, wherever its bytes are (PE/COFF specification). Nothing
//! in it is to be trusted.
struct PeHeaders {
    //! \brief Copies from an offset of the image; returns the bytes read from the start of the buffer.
    using Read = std::function<std::size_t(std::uint64_t offset, std::span<std::byte> buffer)>;

    struct Directory {
        std::uint32_t address = 0, size = 0;
    };
    struct Section {
        std::uint32_t virtualSize, address, rawSize, rawOffset;
    };

    //! What begins every managed image on Linux, whose native libraries are ELF.
    static constexpr std::uint16_t kDosMagic = 0x5A4D; // "MZ"

    std::optional<std::uint32_t> timestamp;   //!< of deterministic builds a hash
    std::optional<std::uint32_t> sizeOfImage; //!< bytes it takes when mapped in sections
    Directory debug;                          //!< empty when there is none
    Directory cli;                            //!< empty when there is none
    std::vector<Section> sections;
    bool allSections = false; //!< every one could be read, and there are not more than the loader takes

    //! \brief Nothing when these are no headers of a PE image.
    [[nodiscard]] static std::optional<PeHeaders> parse(const Read& read);

    //! \brief Where in the file lies what is mapped at \p address, counted from the image's base.
    [[nodiscard]] std::optional<std::uint64_t> fileOffset(std::uint32_t address) const;
};

} // namespace firstchance
