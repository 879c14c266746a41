#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace firstchance {

//! \brief Open files of a process.
struct DescriptorCounts {
    std::uint64_t all = 0;
    std::uint64_t sockets = 0;
};

//! \brief Counts /proc/PID/fd; nothing when the kernel refuses. About 1 us each. A copy of the process does
//! not freeze them (it shares the table), so they are counted while all threads stand.
[[nodiscard]] std::optional<DescriptorCounts> countDescriptors(pid_t pid);

} // namespace firstchance
