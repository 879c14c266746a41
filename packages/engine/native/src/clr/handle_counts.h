#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "clr/dac.h"

namespace firstchance {

//! \brief How many GC handles were given out and not freed.
struct HandleCounts {
    std::uint64_t all = 0;
    std::array<std::uint64_t, 16> byKind{}; //!< by the runtime's number; the last one: all from 15 on
    bool complete = true;
    std::string why; //!< why not complete
};

//! \brief Counts the handles, those whose object has died too, but no such dependent ones: they are entries
//! of a ConditionalWeakTable, which it uses again when it is full.
//!
//! The DAC lists no handle without an object, so the numbers are read from the runtime's handle tables. Where
//! these look like none that we know, the numbers are those of the DAC.
[[nodiscard]] HandleCounts countHandles(Dac& dac);

} // namespace firstchance
