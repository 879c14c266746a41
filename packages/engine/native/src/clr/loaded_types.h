#pragma once

#include <vector>

#include "base/address.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief MethodTables of all types that are loaded for good, generic instances among them; types of
//! collectible load contexts are left out.
//!
//! Types that a module defines come from the module's own table. Nothing lists instances of generic types, so
//! the loader heaps, where all MethodTables lie, are searched for them: a MethodTable holds its module at a
//! known place, and the DAC confirms what was found.
[[nodiscard]] std::vector<Address> loadedTypes(Dac& dac);

} // namespace firstchance
