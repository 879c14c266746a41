#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/byte_source.h"
#include "core/core_file.h"
#include "core/core_notes_reader.h"

namespace firstchance {

//! \brief One PT_LOAD of a core that is being read.
struct LoadedSegment {
    AddressRange memory; //!< what it covers; behind fileBytes nothing is in the file
    std::uint64_t fileOffset = 0;
    std::uint64_t fileBytes = 0;
    std::uint32_t flags = 0; //!< PF_R, PF_W, PF_X

    //! \brief The part whose bytes are in the file.
    [[nodiscard]] AddressRange stored() const { return {memory.begin, memory.begin + fileBytes}; }
};

//! \brief A core's headers and notes, checked against its size and each other.
struct ParsedCore {
    Machine machine = Machine::X64;
    std::vector<LoadedSegment> segments; //!< sorted by address, without overlap
    std::vector<Mapping> mappings;       //!< sorted by address, without overlap
    CoreNotes notes;
};

//! \brief Reads the structure of a plain core. CorruptDump or Unsupported with what is wrong. What it
//! allocates is bounded by what is really in the file.
[[nodiscard]] Result<ParsedCore> parseCore(const ByteSource& source, const std::string& path);

} // namespace firstchance
