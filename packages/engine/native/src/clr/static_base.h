#pragma once

#include "base/address.h"
#include "clr/dac.h"
#include "clr/dac_structs.h"

namespace firstchance {

//! \brief Where the static fields of a type that are references (and boxed structs) begin; null if the type
//! has none yet, or they cannot be found.
[[nodiscard]] Address staticReferencesOf(Dac& dac, Address methodTable, const dac::MethodTable& type);

} // namespace firstchance
