#pragma once

#include <vector>

#include "base/address.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief Metadata that nobody needs in a small dump: of the assemblies of an installed shared runtime
//! (Microsoft.NETCore.App), which lie as files beside the debugging library. Whoever can name a frame has
//! that library, and with it these files: the runtime of this version is installed, or both come from a
//! symbol server.
//!
//! Whole pages that are the file's own and unchanged, sorted, merged. Empty for a self-contained program,
//! whose files, perhaps trimmed, exist nowhere else, and for a runtime whose debugging library lies
//! elsewhere.
[[nodiscard]] std::vector<AddressRange> sharedRuntimeMetadata(Dac& dac);

} // namespace firstchance
