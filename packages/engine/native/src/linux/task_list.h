#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"

namespace firstchance {

//! \brief The thread ids in /proc/PID/task, in the kernel's order. NoSuchProcess when the process is gone.
[[nodiscard]] Result<std::vector<pid_t>> listTasks(pid_t pid);

//! \brief The state letter of a thread (R, S, D, T, Z, X), '\0' when the thread is gone.
[[nodiscard]] char readTaskState(pid_t pid, pid_t tid);

//! \brief A thread of the process that still has its memory: the leader, or another when the leader has ended
//! before the rest (its /proc entries are empty then, those of the others are not). \p pid when there is
//! none.
[[nodiscard]] pid_t livingTask(pid_t pid);

//! \brief comm of a thread; empty when it is gone.
[[nodiscard]] std::string readTaskName(pid_t pid, pid_t tid);

} // namespace firstchance
