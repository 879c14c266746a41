#pragma once

#include <sys/types.h>

#include <cstddef>
#include <span>

#include "base/address.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace firstchance {

//! \brief Reads the memory of another process through a descriptor of /proc/PID/mem.
//!
//! The kernel checks the right to read when the file is opened, not at each read: a process forked from the
//! one that opened it may read on, although it is not the tracer.
class ProcessMemory {
public:
    static Result<ProcessMemory> open(pid_t pid);

    //! \brief Says that \p pid cannot be reused while this object reads (a tracee of ours): large reads may
    //! then go by process_vm_readv(2), which needs no FOLL_FORCE look-ups and is faster; where it refuses,
    //! the descriptor serves.
    void pin(pid_t pid) { pinned_ = pid; }

    //! \brief Bytes read from the start; short at the first page that cannot be read.
    [[nodiscard]] std::size_t read(Address address, std::span<std::byte> buffer) const;

private:
    explicit ProcessMemory(UniqueFd fd) : fd_(std::move(fd)) {}

    UniqueFd fd_;
    pid_t pinned_ = 0;
};

} // namespace firstchance
