#pragma once

#include <sys/types.h>

#include "base/address.h"

namespace firstchance {

//! \brief Finds the runtime's "heap structures are invalid" counter in a running process, without stopping
//! it.
//!
//! Runs the DAC in a process of its own and gives up after a second: the counter only helps to choose a good
//! moment. Null when it was not found. Takes some 10 ms; the address holds for the life of the process.
[[nodiscard]] Address probeGcCounter(pid_t pid);

} // namespace firstchance
