#pragma once

#include <sys/types.h>

#include <nlohmann/json.hpp>

#include "base/result.h"

namespace firstchance {

//! \brief `process/inspect`: what a process is and which capture methods are open for it, found without
//! stopping it.
[[nodiscard]] Result<nlohmann::json> inspectProcess(pid_t pid);

} // namespace firstchance
