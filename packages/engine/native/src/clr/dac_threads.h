#pragma once

#include <vector>

#include "base/address.h"
#include "clr/dac.h"
#include "clr/dac_structs.h"

namespace firstchance {

//! \brief A thread of the runtime's thread store with its address there.
struct RuntimeThread {
    Address address;
    dac::Thread data;
};

//! \brief The thread store's list, at most 100,000, each once.
[[nodiscard]] std::vector<RuntimeThread> readRuntimeThreads(Dac& dac);

} // namespace firstchance
