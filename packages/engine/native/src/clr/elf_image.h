#pragma once

#include <elf.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/process_image.h"

namespace firstchance {

//! \brief A 64-bit ELF image as the dynamic linker mapped it, read from a process image.
//!
//! Everything comes from memory the target could have overwritten: sizes are bounded and offsets checked.
class ElfImage {
public:
    //! \brief Reads the headers at \p base; nothing if there is no ELF image of our word size.
    [[nodiscard]] static std::optional<ElfImage> read(const ProcessImage& image, Address base);

    //! \brief The GNU build id in lower-case hex; empty if there is none.
    [[nodiscard]] std::string buildId() const;
    //! \brief Address of an exported symbol, found through DT_GNU_HASH; nothing if not exported.
    [[nodiscard]] std::optional<Address> findSymbol(std::string_view name) const;
    //! \brief The mapped writable segments.
    [[nodiscard]] std::vector<AddressRange> writableSegments() const;

private:
    ElfImage(const ProcessImage& image, Address base) : image_(&image), base_(base) {}
    struct SymbolTables {
        Address hash, symbols, strings;
    };
    [[nodiscard]] std::optional<SymbolTables> symbolTables() const;
    [[nodiscard]] Address relocated(std::uint64_t value) const;
    [[nodiscard]] Address at(std::uint64_t virtualAddress) const { return Address(bias_ + virtualAddress); }

    const ProcessImage* image_;
    Address base_;
    std::uint64_t bias_ = 0; //!< what is added to the file's virtual addresses
    std::vector<Elf64_Phdr> headers_;
};

//! \brief Hex digits of \p bytes, lower case.
[[nodiscard]] std::string toHex(std::span<const std::byte> bytes);

} // namespace firstchance
