#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/address.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief A GC handle that keeps something alive. The numbers are the runtime's (HNDTYPE_…).
struct GcHandle {
    enum class Kind : std::uint8_t {
        Strong = 2,
        Pinned = 3,
        RefCounted = 5,
        Dependent = 6,
        AsyncPinned = 7,
        SizedRef = 8,
    };
    Kind kind = Kind::Strong;
    Address object;    //!< of a dependent handle its key
    Address dependent; //!< what lives as long as the key; null for other kinds
};

struct GcHandles {
    std::vector<GcHandle> handles; //!< those to an object; weak handles keep nothing alive and are left out
    std::uint64_t all = 0;         //!< handles of every kind that have an object
    std::array<std::uint64_t, 16>
        byKind{}; //!< of these; by the runtime's number, the last one: all from 15 on
    bool complete = true;
    std::string why; //!< why not complete
};

//! \brief All handles, of server GC those of heaps not in use too: the DAC asks only the first n_heaps slots
//! of the handle table, but there is one slot for each processor (.NET 9 and later adapt n_heaps).
[[nodiscard]] GcHandles readHandles(Dac& dac);

} // namespace firstchance
