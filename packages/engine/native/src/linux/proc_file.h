#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace firstchance {

//! \brief The whole content of a /proc file: their sizes are not known beforehand. Nothing on failure, errno
//! is set.
[[nodiscard]] std::optional<std::string> readProcFile(const std::string& path);

//! \brief "/proc/PID/name".
[[nodiscard]] std::string procPath(pid_t pid, const char* name);
//! \brief "/proc/PID/task/TID/name".
[[nodiscard]] std::string taskPath(pid_t pid, pid_t tid, const char* name);

} // namespace firstchance
