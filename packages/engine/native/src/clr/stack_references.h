#pragma once

#include <chrono>

#include "clr/dac.h"

namespace firstchance {

//! \brief Asks for the object references of every managed stack, so that the pages read for it are recorded.
//!
//! Done in forked children: the DAC of .NET 10 dereferences a target address as its own when a thread runs an
//! exception filter, and dies. That costs the references of this one thread, not the capture.
void touchStackReferences(Dac& dac, std::chrono::steady_clock::time_point end);

} // namespace firstchance
