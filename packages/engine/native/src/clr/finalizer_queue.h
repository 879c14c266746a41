#pragma once

#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief Objects whose finalizer is due: dead, but kept until it has run. Fails with DacFailed.
[[nodiscard]] Result<std::vector<Address>> readFinalizerQueue(Dac& dac);

//! \brief The memory of the finalization queues of all heaps, ready or not.
[[nodiscard]] Result<std::vector<AddressRange>> finalizationQueues(Dac& dac);

} // namespace firstchance
