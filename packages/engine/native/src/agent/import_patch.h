#pragma once

#include "agent/text.h"

namespace firstchance::agent {

//! \brief Makes a loaded library call \p replacement instead of the function \p name that it imports, by
//! writing the slot of its global offset table. The library is the one that contains \p addressInside.
//!
//! \p original receives what the slot held before. False, and nothing changed, when the library does not
//! import the name or the slot cannot be written. The library must not be unloaded afterwards (libcoreclr
//! never is).
[[nodiscard]] bool replaceImport(const void* addressInside, Text name, void* replacement, void** original);

} // namespace firstchance::agent
