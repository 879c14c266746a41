#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/byte_source.h"

namespace firstchance {

//! \brief One ELF note. The content stays in the file until it is asked for, so that a hostile size costs
//! nothing.
struct Note {
    std::string_view owner;
    std::uint32_t type = 0;
    std::uint64_t offset = 0; //!< of the content in the source
    std::uint32_t size = 0;   //!< of the content
};

//! \brief Goes through the notes of a segment [offset, offset + size) of \p source. \p use returns what is
//! wrong with a note, empty when it is fine. Returns the first fault, of \p use or of the segment itself,
//! empty for none.
[[nodiscard]] std::string forEachNote(const ByteSource& source, std::uint64_t offset, std::uint64_t size,
                                      const std::function<std::string(const Note&)>& use);

} // namespace firstchance
