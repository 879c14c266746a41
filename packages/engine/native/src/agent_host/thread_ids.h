#pragma once

#include <sys/types.h>

namespace firstchance {

//! \brief The thread of process \p pid (our numbering) that its own pid namespace numbers \p namespaceTid; 0
//! when there is none or it cannot be seen. From NSpid of /proc/PID/task/TID/status (proc(5), Linux 4.1).
[[nodiscard]] pid_t findThread(pid_t pid, pid_t namespaceTid);

} // namespace firstchance
