#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "base/result.h"

namespace firstchance {

//! \brief What /proc/PID/status and /proc/PID/stat tell (proc_pid_status(5), proc_pid_stat(5)).
struct ProcessStatus {
    pid_t pid = 0;
    pid_t namespacePid = 0; //!< its id in its own pid namespace
    pid_t threadGroup = 0;  //!< the process, where the status of a thread was asked for
    pid_t parentPid = 0;
    pid_t tracerPid = 0;    //!< the tracing thread; 0: not traced
    uid_t uid = 0;          //!< effective
    int seccompMode = 0;    //!< 0 none, 1 strict, 2 filter
    int seccompFilters = 0; //!< how many it has (Linux 5.9)
    int threads = 0;
    std::uint64_t residentBytes = 0;
    std::uint64_t effectiveCapabilities = 0;
    std::uint64_t startTime = 0; //!< clock ticks since boot; with the pid it names a process for ever
    std::string name;            //!< comm of the leader
    char state = '?';
};

//! \brief NoSuchProcess when there is no process or thread of this id.
[[nodiscard]] Result<ProcessStatus> readProcessStatus(pid_t pid);

} // namespace firstchance
