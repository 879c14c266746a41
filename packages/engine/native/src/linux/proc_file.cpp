#include "linux/proc_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/unique_fd.h"

namespace firstchance {

std::optional<std::string> readProcFile(const std::string& path) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.valid()) {
        return std::nullopt;
    }
    std::string text;
    // seq_file hands out whole lines that fit: a large buffer means few calls and a more consistent
    // /proc/PID/maps.
    constexpr std::size_t kStep = 64 << 10;
    for (;;) {
        const std::size_t size = text.size();
        text.resize(size + kStep);
        const ssize_t got = ::read(fd.get(), text.data() + size, kStep);
        if (got < 0 && errno == EINTR) {
            text.resize(size);
            continue;
        }
        if (got < 0) {
            return std::nullopt;
        }
        text.resize(size + static_cast<std::size_t>(got));
        if (got == 0) {
            return text;
        }
    }
}

std::string procPath(pid_t pid, const char* name) {
    return "/proc/" + std::to_string(pid) + "/" + name;
}

std::string taskPath(pid_t pid, pid_t tid, const char* name) {
    return "/proc/" + std::to_string(pid) + "/task/" + std::to_string(tid) + "/" + name;
}

} // namespace firstchance
