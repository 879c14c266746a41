#include "capture/target_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <string>
#include <thread>

namespace firstchance {

TargetLock::TargetLock(pid_t pid, std::chrono::milliseconds limit)
    : folder_(::open(("/proc/" + std::to_string(pid)).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (folder_.valid() && ::flock(folder_.get(), LOCK_EX | LOCK_NB) != 0 &&
           std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
}

} // namespace firstchance
