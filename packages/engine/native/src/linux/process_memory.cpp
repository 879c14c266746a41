#include "linux/process_memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "linux/proc_file.h"

namespace firstchance {

Result<ProcessMemory> ProcessMemory::open(pid_t pid) {
    UniqueFd fd(::open(procPath(pid, "mem").c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.valid()) {
        const int error = errno;
        const bool gone = error == ENOENT || error == ESRCH;
        return failSystem(gone ? ErrorCode::NoSuchProcess : ErrorCode::PermissionDenied,
                          "Opening the memory of process " + std::to_string(pid), error,
                          gone ? "" : "Run as the process's user, start it under firstchance, or grant CAP_SYS_PTRACE.");
    }
    return ProcessMemory(std::move(fd));
}

std::size_t ProcessMemory::read(Address address, std::span<std::byte> buffer) const {
    std::size_t done = 0;
    while (done < buffer.size()) {
        const Address at = address + done;
        if (at.value() > static_cast<std::uint64_t>(INT64_MAX)) {
            break; // the upper half is the kernel's; off_t is signed
        }
        const ssize_t got = ::pread(fd_.get(), buffer.data() + done, buffer.size() - done, static_cast<off_t>(at.value()));
        if (got > 0) {
            done += static_cast<std::size_t>(got);
        } else if (got == 0 || errno != EINTR) {
            break;
        }
    }
    return done;
}

} // namespace firstchance
