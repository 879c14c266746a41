#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"

namespace firstchance {

//! \brief The arguments in /proc/PID/cmdline; empty for a zombie or a kernel thread.
[[nodiscard]] Result<std::vector<std::string>> readCommandLine(pid_t pid);

} // namespace firstchance
