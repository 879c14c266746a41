#include "linux/process_memory.h"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

#include "linux/proc_file.h"
#include "linux/refusal.h"
#include "linux/task_list.h"

namespace firstchance {
namespace {

constexpr std::size_t kLarge = 32 << 10;

std::size_t readDirectly(pid_t pid, Address address, std::span<std::byte> buffer) {
    const iovec local{buffer.data(), buffer.size()};
    auto* there = reinterpret_cast<void*>(address.value()); // NOLINT(performance-no-int-to-ptr)
    const iovec remote{there, buffer.size()};
    const ssize_t got = ::process_vm_readv(pid, &local, 1, &remote, 1, 0);
    return got > 0 ? static_cast<std::size_t>(got) : 0;
}

} // namespace

Result<ProcessMemory> ProcessMemory::open(pid_t pid) {
    UniqueFd fd(::open(procPath(livingTask(pid), "mem").c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.valid()) {
        const int error = errno;
        return fail(explainRefusal(pid, "Opening the memory of process " + std::to_string(pid), error));
    }
    return ProcessMemory(std::move(fd));
}

std::size_t ProcessMemory::read(Address address, std::span<std::byte> buffer) const {
    std::size_t done = pinned_ != 0 && buffer.size() >= kLarge ? readDirectly(pinned_, address, buffer) : 0;
    while (done < buffer.size()) {
        const Address at = address + done;
        if (at.value() > static_cast<std::uint64_t>(INT64_MAX)) {
            break; // the upper half is the kernel's; off_t is signed
        }
        const ssize_t got =
            ::pread(fd_.get(), buffer.data() + done, buffer.size() - done, static_cast<off_t>(at.value()));
        if (got > 0) {
            done += static_cast<std::size_t>(got);
        } else if (got == 0 || errno != EINTR) {
            break;
        }
    }
    return done;
}

} // namespace firstchance
