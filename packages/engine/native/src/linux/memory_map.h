#pragma once

#include <sys/types.h>

#include <string_view>
#include <vector>

#include "base/process_image.h"
#include "base/result.h"

namespace firstchance {

//! \brief Reads /proc/PID/maps (proc_pid_maps(5)).
//!
//! NoSuchProcess when it is gone, PermissionDenied when the kernel refuses (PTRACE_MODE_READ).
[[nodiscard]] Result<std::vector<Mapping>> readMemoryMap(pid_t pid);

//! \brief Parses the text of a maps file; lines that are none are left out.
[[nodiscard]] std::vector<Mapping> parseMemoryMap(std::string_view text);

} // namespace firstchance
