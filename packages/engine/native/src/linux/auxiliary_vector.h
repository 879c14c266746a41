#pragma once

#include <sys/types.h>

#include <cstddef>
#include <vector>

namespace firstchance {

//! \brief The raw auxiliary vector, /proc/PID/auxv: Elf64_auxv_t items (getauxval(3)); empty when it cannot
//! be read.
[[nodiscard]] std::vector<std::byte> readAuxiliaryVector(pid_t pid);

} // namespace firstchance
