#include "linux/command_line.h"

#include <cerrno>

#include "linux/proc_file.h"

namespace firstchance {

Result<std::vector<std::string>> readCommandLine(pid_t pid) {
    const auto text = readProcFile(procPath(pid, "cmdline"));
    if (!text) {
        return failSystem(ErrorCode::NoSuchProcess,
                          "Reading the command line of process " + std::to_string(pid), errno);
    }
    std::vector<std::string> arguments;
    for (std::size_t at = 0; at < text->size();) {
        const auto end = std::min(text->find('\0', at), text->size());
        arguments.push_back(text->substr(at, end - at));
        at = end + 1;
    }
    return arguments;
}

} // namespace firstchance
