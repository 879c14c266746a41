#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "base/address.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief The objects that the managed stack of a thread refers to: arguments, locals, `this`, newest frame
//! first, each once. References into the middle of an object are left out.
//!
//! Asked in a forked child, because the DAC may die of a thread (stack_references.h): empty then, and at
//! \p deadline.
[[nodiscard]] std::vector<Address> stackObjects(Dac& dac, std::uint32_t threadId,
                                                std::chrono::steady_clock::time_point deadline);

} // namespace firstchance
