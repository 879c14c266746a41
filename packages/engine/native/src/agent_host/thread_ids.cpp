#include "agent_host/thread_ids.h"

#include <dirent.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

namespace firstchance {
namespace {

// The innermost number of the line "NSpid:\t1234\t7"; 0 when there is none.
pid_t innermostId(const std::string& statusFile) {
    std::ifstream status(statusFile);
    std::string line;
    while (std::getline(status, line)) {
        if (line.rfind("NSpid:", 0) == 0) {
            return static_cast<pid_t>(std::strtol(line.c_str() + line.find_last_of("\t ") + 1, nullptr, 10));
        }
    }
    return 0;
}

struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
};

} // namespace

pid_t findThread(pid_t pid, pid_t namespaceTid) {
    if (namespaceTid <= 0) {
        return 0;
    }
    const std::string tasks = "/proc/" + std::to_string(pid) + "/task/";
    // Mostly the namespaces are the same; one file tells.
    if (innermostId(tasks + std::to_string(namespaceTid) + "/status") == namespaceTid) {
        return namespaceTid;
    }
    const std::unique_ptr<DIR, CloseDirectory> directory(::opendir(tasks.c_str()));
    while (const dirent* entry = directory ? ::readdir(directory.get()) : nullptr) { // NOLINT: one thread
        const pid_t tid = static_cast<pid_t>(std::strtol(entry->d_name, nullptr, 10));
        if (tid > 0 && innermostId(tasks + entry->d_name + "/status") == namespaceTid) {
            return tid;
        }
    }
    return 0;
}

} // namespace firstchance
