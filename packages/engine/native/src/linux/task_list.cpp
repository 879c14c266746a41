#include "linux/task_list.h"

#include <dirent.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

#include "linux/proc_file.h"

namespace firstchance {
namespace {

struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
};

} // namespace

Result<std::vector<pid_t>> listTasks(pid_t pid) {
    const std::unique_ptr<DIR, CloseDirectory> directory(::opendir(procPath(pid, "task").c_str()));
    if (!directory) {
        return failSystem(ErrorCode::NoSuchProcess, "Listing the threads of process " + std::to_string(pid),
                          errno);
    }
    std::vector<pid_t> tasks;
    while (const dirent* entry = ::readdir(directory.get())) { // NOLINT(concurrency-mt-unsafe): own stream
        const long tid = std::strtol(entry->d_name, nullptr, 10);
        if (tid > 0) {
            tasks.push_back(static_cast<pid_t>(tid));
        }
    }
    return tasks;
}

char readTaskState(pid_t pid, pid_t tid) {
    const auto stat = readProcFile(taskPath(pid, tid, "stat"));
    if (!stat) {
        return '\0';
    }
    // comm may hold anything: the state follows the last ')'.
    const auto close = stat->rfind(')');
    return close == std::string::npos || close + 2 >= stat->size() ? '\0' : (*stat)[close + 2];
}

pid_t livingTask(pid_t pid) {
    const auto lives = [pid](pid_t tid) {
        const char state = readTaskState(pid, tid);
        return state != '\0' && state != 'Z' && state != 'X';
    };
    if (lives(pid)) {
        return pid;
    }
    for (const pid_t tid : listTasks(pid).value_or(std::vector<pid_t>())) {
        if (lives(tid)) {
            return tid;
        }
    }
    return pid;
}

std::string readTaskName(pid_t pid, pid_t tid) {
    auto name = readProcFile(taskPath(pid, tid, "comm")).value_or("");
    if (!name.empty() && name.back() == '\n') {
        name.pop_back();
    }
    return name;
}

} // namespace firstchance
