#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"

namespace firstchance {

//! \brief Makes of errno, after an access to a process was refused, the reason and its cure: the process is
//! gone, it has a tracer, it is another user's, yama, a seccomp filter of ours (ptrace(2), "Ptrace access
//! mode checking"). \param tid a thread or process id
[[nodiscard]] Error explainRefusal(pid_t tid, std::string what, int systemError);

} // namespace firstchance
