#pragma once

#include <cstdint>
#include <optional>

#include "base/address.h"
#include "core/elf_module.h"

namespace firstchance {

//! \brief What the headers of a managed PE image say, in memory or in its file (PE/COFF specification;
//! ECMA-335 II.25). Nothing in it is to be trusted.
struct ManagedImage {
    std::uint32_t timestamp = 0; //!< of deterministic builds a hash: with imageSize it tells images apart
    std::uint32_t imageSize = 0;
    //! Offsets in the file [begin, end) of the CLI metadata, which no loader ever changes; empty when it is
    //! not found or when only memory was given.
    std::uint64_t metadataBegin = 0;
    std::uint64_t metadataEnd = 0;

    [[nodiscard]] bool isSame(const ManagedImage& other) const {
        return timestamp == other.timestamp && imageSize == other.imageSize;
    }
};

//! \brief Reads the headers of the image that begins at \p base: a file, where \p base is 0, or memory.
[[nodiscard]] std::optional<ManagedImage> readManagedImage(const MemoryReader& memory, Address base);

} // namespace firstchance
