#pragma once

#include <cstdint>

#include "agent/clr_api.h"

namespace firstchance::agent {

//! \brief An allocation that the runtime has picked: each some 100 KB of what is allocated.
struct AllocationEvent {
    ClassId type = 0;
    ObjectId object = 0; //!< where the object will be: it has no type yet
    std::uint64_t bytes = 0;
};

// Of the runtime's own provider (dotnet/runtime src/coreclr/vm/ClrEtwAll.man).
inline constexpr std::uint32_t kAllocationTick = 10; //!< all versions; each 100 KB, by keyword GC, verbose
inline constexpr std::uint32_t kAllocationSampled = 303; //!< .NET 10 and newer; at random, by its own keyword

//! \brief Takes the payload of one of these events apart. False when it is none, or too short.
[[nodiscard]] bool parseAllocationEvent(std::uint32_t eventId, const unsigned char* data, std::uint32_t bytes,
                                        AllocationEvent& out);

} // namespace firstchance::agent
