#pragma once

#include <cstdint>
#include <optional>

#include "base/address.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief Addresses of variables of the GC, from the table the GC shows to the DAC (GcDacVars, dotnet/runtime
//! src/coreclr/gc/gcinterface.dacvars.def, major version 2: .NET 8 to 10).
struct GcDacVars {
    Address heapCount;      //!< int n_heaps; null with workstation GC
    Address heaps;          //!< gc_heap** g_heaps
    Address invalidCount;   //!< int gc_structures_invalid_cnt
    Address handleTableMap; //!< the first HandleTableMap
};

//! \brief Finds the table among what the DAC reads to answer a question about the GC; nothing if no read
//! looks like it.
[[nodiscard]] std::optional<GcDacVars> findGcDacVars(Dac& dac);

} // namespace firstchance
