#include "linux/process_status.h"

#include <cerrno>
#include <charconv>
#include <string_view>

#include "linux/proc_file.h"

namespace firstchance {
namespace {

//! \brief The value of "Key:\tvalue" in a status file.
std::string_view field(std::string_view status, std::string_view key) {
    for (std::size_t at = 0; at < status.size();) {
        const auto end = std::min(status.find('\n', at), status.size());
        const auto line = status.substr(at, end - at);
        if (line.starts_with(key) && line.size() > key.size() && line[key.size()] == ':') {
            const auto value = line.substr(key.size() + 1);
            return value.substr(std::min(value.find_first_not_of(" \t"), value.size()));
        }
        at = end + 1;
    }
    return {};
}

template <class T> T number(std::string_view text, int base = 10) {
    T value{};
    std::from_chars(text.data(), text.data() + text.size(), value, base);
    return value;
}

std::string_view word(std::string_view text, int index) {
    for (; index > 0; --index) {
        text.remove_prefix(std::min(text.find_first_of(" \t"), text.size()));
        text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    }
    return text.substr(0, text.find_first_of(" \t\n"));
}

std::string_view lastWord(std::string_view text) {
    const auto space = text.find_last_of(" \t");
    return space == std::string_view::npos ? text : text.substr(space + 1);
}

} // namespace

Result<ProcessStatus> readProcessStatus(pid_t pid) {
    const auto text = readProcFile(procPath(pid, "status"));
    const auto stat = text ? readProcFile(procPath(pid, "stat")) : std::nullopt;
    if (!stat) {
        return failSystem(ErrorCode::NoSuchProcess, "Looking for process " + std::to_string(pid), errno);
    }
    ProcessStatus status;
    status.pid = pid;
    status.name = field(*text, "Name");
    status.state = field(*text, "State").empty() ? '?' : field(*text, "State").front();
    status.namespacePid = number<pid_t>(lastWord(field(*text, "NSpid")));
    status.threadGroup = number<pid_t>(field(*text, "Tgid"));
    status.parentPid = number<pid_t>(field(*text, "PPid"));
    status.tracerPid = number<pid_t>(field(*text, "TracerPid"));
    status.uid = number<uid_t>(word(field(*text, "Uid"), 1));
    status.seccompMode = number<int>(field(*text, "Seccomp"));
    status.seccompFilters = number<int>(field(*text, "Seccomp_filters"));
    status.threads = number<int>(field(*text, "Threads"));
    status.residentBytes = number<std::uint64_t>(field(*text, "VmRSS")) * 1024;
    status.effectiveCapabilities = number<std::uint64_t>(field(*text, "CapEff"), 16);
    // comm may hold spaces and parentheses: fields are counted from the last ')'. Field 22 is the 20th after
    // it.
    const std::string_view rest =
        std::string_view(*stat).substr(std::min(stat->rfind(')'), stat->size() - 1) + 1);
    status.startTime = number<std::uint64_t>(word(rest.substr(std::min<std::size_t>(1, rest.size())), 19));
    return status;
}

} // namespace firstchance
