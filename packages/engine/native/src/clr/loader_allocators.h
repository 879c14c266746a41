#pragma once

#include "base/address.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief The LoaderAllocator object that lives as long as objects of a collectible type do, and keeps the
//! type's statics; null if the type is not collectible.
[[nodiscard]] Address loaderAllocator(Dac& dac, Address methodTable);

} // namespace firstchance
