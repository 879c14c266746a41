#pragma once

#include <cstdint>

#include "base/address.h"
#include "clr/com.h"
#include "clr/dac.h"
#include "clr/stacks.h"

namespace firstchance {

//! \brief Fills method, module, modulePath and token of \p frame from a MethodDesc.
void describeMethod(Dac& dac, Address methodDesc, ClrFrame& frame);

//! \brief MethodDesc of the code at \p address; null if no method's code is there.
[[nodiscard]] Address methodDescAt(Dac& dac, Address address);

//! \brief Offset into the method's IL of the instruction at \p address, which must be inside the instruction:
//! for a return address pass the byte before it. Nothing for code without a map (stubs, some inlined
//! prologs).
[[nodiscard]] std::optional<std::uint32_t> ilOffsetAt(Dac& dac, Address address);

//! \brief The same where the method is known: \p method is an IXCLRDataMethodInstance, or null.
[[nodiscard]] std::optional<std::uint32_t> ilOffsetIn(const com::Reference& method, Address address);

} // namespace firstchance
