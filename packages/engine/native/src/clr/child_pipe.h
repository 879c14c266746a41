#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>

namespace firstchance {

//! \brief Restores what signals of a crash do: the death of a child that asks the DAC is expected, and no
//! crash reporter of the parent shall speak.
void dieQuietly();

//! \brief Writes all bytes to a pipe; false when the reader is gone.
[[nodiscard]] bool writeAll(int fd, const void* data, std::size_t size);

//! \brief Reads from the child until the buffer is full; false when it has ended before, or at \p end.
[[nodiscard]] bool readAll(int fd, void* data, std::size_t size, std::chrono::steady_clock::time_point end);

//! \brief Kills a child, which has ended or hangs, and takes its exit status.
void endChild(pid_t child);

} // namespace firstchance
