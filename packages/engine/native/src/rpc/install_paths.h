#pragma once

#include <string>

namespace firstchance {

//! \brief libfirstchance_agent.so, which is installed beside the engine executable and the shared library.
//! Found from the place this code was loaded from; absolute.
[[nodiscard]] std::string agentLibraryPath();

} // namespace firstchance
