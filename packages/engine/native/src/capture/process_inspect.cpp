#include "capture/process_inspect.h"

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/unique_fd.h"
#include "capture/facts.h"
#include "linux/command_line.h"
#include "linux/live_process.h"
#include "linux/process_status.h"

namespace firstchance {

using Json = nlohmann::json;

namespace {

std::string errnoText(int error) {
    return std::generic_category().message(error);
}

//! \brief Why ptrace(2) itself is closed to us, e.g. by a container's seccomp filter; empty when it is open.
std::string ptraceClosed() {
    // No process has id 0: an open door answers ESRCH.
    errno = 0;
    ::ptrace(PTRACE_CONT, 0, nullptr, nullptr);
    return errno == ESRCH ? ""
                          : "the ptrace system call is refused here: " + errnoText(errno) +
                                " (a seccomp filter, as containers set; allow SYS_PTRACE)";
}

//! \brief Opening /proc/PID/mem makes the kernel apply the very check an attach would
//! (PTRACE_MODE_ATTACH_FSCREDS: uid, capabilities, dumpable flag, yama), without touching the process.
std::string attachRefused(pid_t pid) {
    const UniqueFd fd(::open(("/proc/" + std::to_string(pid) + "/mem").c_str(), O_RDONLY | O_CLOEXEC));
    if (fd.valid()) {
        return "";
    }
    const int error = errno;
    std::string why = "the kernel refuses to attach: " + errnoText(error);
    const UniqueFd yama(::open("/proc/sys/kernel/yama/ptrace_scope", O_RDONLY | O_CLOEXEC));
    char scope = 0;
    if (yama.valid() && ::read(yama.get(), &scope, 1) == 1 && scope != '0') {
        why += std::string(" (kernel.yama.ptrace_scope is ") + scope + ")";
    }
    return why;
}

std::string whyNoTracing(const ProcessStatus& status) {
    if (status.tracerPid != 0) {
        return "it is traced by process " + std::to_string(status.tracerPid) + " already";
    }
    if (auto why = ptraceClosed(); !why.empty()) {
        return why;
    }
    return attachRefused(status.pid);
}

Json methodsOf(const ProcessStatus& status) {
    const std::string why = whyNoTracing(status);
    Json list = Json::array();
    for (const char* name : {"clone", "copy", "stop"}) {
        list.push_back({{"captureMethod", name}, {"available", why.empty()}, {"why", why}});
    }
    return list;
}

Json runtimeOf(pid_t pid) {
    Json json = {{"kind", "none"}, {"path", ""}, {"version", ""},
                 {"buildId", ""},  {"libc", ""}, {"dacPath", nullptr}};
    const auto live = LiveProcess::open(pid);
    if (!live) {
        json["kind"] = "unknown"; // what may not be looked at may well run .NET
        json["why"] = live.error().why;
        return json;
    }
    const auto runtime = locateRuntime(**live);
    if (!runtime) {
        json["why"] = runtime.error().why;
        return json;
    }
    json["kind"] = runtimeKindName(runtime->kind);
    json["path"] = runtime->path;
    json["version"] = runtime->version;
    json["buildId"] = runtime->buildId;
    json["libc"] = runtime->musl ? "musl" : "glibc";
    json["dacPath"] = runtime->dacPath.empty() ? Json() : Json(runtime->dacPath);
    return json;
}

//! \brief False only when it is certain: another user's namespace may not be looked at.
bool sameMountNamespace(pid_t pid) {
    struct stat ours {};
    struct stat theirs {};
    return ::stat("/proc/self/ns/mnt", &ours) != 0 ||
           ::stat(("/proc/" + std::to_string(pid) + "/ns/mnt").c_str(), &theirs) != 0 ||
           ours.st_ino == theirs.st_ino;
}

} // namespace

Result<Json> inspectProcess(pid_t pid) {
    const auto status = readProcessStatus(pid);
    if (!status) {
        return fail(status.error());
    }
    const auto commandLine = readCommandLine(pid);
    return Json{{"pid", pid},
                {"name", status->name},
                {"commandLine", commandLine ? Json(*commandLine) : Json::array()},
                {"uid", status->uid},
                {"architecture", architectureName()},
                {"namespacePid", status->namespacePid},
                {"sameMountNamespace", sameMountNamespace(pid)},
                {"tracerPid", status->tracerPid},
                {"seccompMode", status->seccompMode},
                {"runtime", runtimeOf(pid)},
                {"residentBytes", status->residentBytes},
                {"threads", status->threads},
                {"startTime", status->startTime},
                {"methods", methodsOf(*status)}};
}

} // namespace firstchance
