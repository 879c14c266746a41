#pragma once

#include <vector>

#include "base/address.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief Metadata that nobody needs in a small dump: of the assemblies of installed frameworks
//! (shared/Microsoft.NETCore.App, shared/Microsoft.AspNetCore.App), one of which lie beside the debugging
//! library, the others in the same installation. Whoever can name a frame has that library, and with it these
//! files: .NET of this version is installed, or all come from a symbol server.
//!
//! Whole pages that are the file's own and unchanged, sorted, merged. Empty for a self-contained program,
//! whose files, perhaps trimmed, exist nowhere else, and for a runtime whose debugging library lies
//! elsewhere.
[[nodiscard]] std::vector<AddressRange> sharedRuntimeMetadata(Dac& dac);

} // namespace firstchance
