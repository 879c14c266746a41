#include "linux/refusal.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "linux/proc_file.h"
#include "linux/process_status.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kCapSysPtrace = 1ULL << 19U; // <linux/capability.h>

Error permission(std::string what, std::string why, std::string cure, int error) {
    return {ErrorCode::PermissionDenied, std::move(what),
            std::generic_category().message(error) + "; " + std::move(why), std::move(cure), error};
}

//! \brief 0 when this kernel has no yama (Documentation/admin-guide/LSM/Yama.rst).
int yamaScope() {
    return std::atoi(readProcFile("/proc/sys/kernel/yama/ptrace_scope").value_or("0").c_str());
}

Error tracedAlready(std::string what, pid_t tracer, int error) {
    // TracerPid names the tracing thread; its status tells the process.
    const auto status = readProcessStatus(tracer);
    const std::string name =
        status ? "'" + status->name + "' (process " + std::to_string(status->threadGroup) + ")"
               : "process " + std::to_string(tracer);
    return {ErrorCode::AlreadyTraced, std::move(what), name + " traces it already",
            "A process can have one tracer: detach that debugger or profiler first.", error};
}

} // namespace

Error explainRefusal(pid_t tid, std::string what, int systemError) {
    const auto target = readProcessStatus(tid);
    if (!target || systemError == ESRCH || systemError == ENOENT) {
        return {ErrorCode::NoSuchProcess, std::move(what),
                target ? "it is ending" : "there is no such process", "", systemError};
    }
    if (target->tracerPid != 0) {
        return tracedAlready(std::move(what), target->tracerPid, systemError);
    }
    const auto own = readProcessStatus(::getpid());
    const bool capable = own && (own->effectiveCapabilities & kCapSysPtrace) != 0;
    if (!capable && target->uid != ::geteuid()) {
        return permission(std::move(what),
                          "it runs as user " + std::to_string(target->uid) + ", we as user " +
                              std::to_string(::geteuid()),
                          "Run firstchance as that user, or with CAP_SYS_PTRACE (sudo).", systemError);
    }
    const int scope = yamaScope();
    if (scope == 3) {
        return permission(
            std::move(what),
            "kernel.yama.ptrace_scope is 3: this machine allows no tracing at all until it is rebooted",
            "Set kernel.yama.ptrace_scope to 1 or 0 at boot.", systemError);
    }
    if (!capable && scope == 2) {
        return permission(std::move(what), "kernel.yama.ptrace_scope is 2: only CAP_SYS_PTRACE may trace",
                          "Run firstchance with CAP_SYS_PTRACE (sudo), or set kernel.yama.ptrace_scope to 0.",
                          systemError);
    }
    if (!capable && scope == 1) {
        return permission(
            std::move(what),
            "kernel.yama.ptrace_scope is 1: only ancestors may trace, and those the program permits",
            "Start the program under firstchance, load its agent, run with sudo, or set "
            "kernel.yama.ptrace_scope to 0.",
            systemError);
    }
    if (own && own->seccompMode != 0) {
        return permission(
            std::move(what), "firstchance itself runs under a seccomp filter, which may forbid ptrace",
            "In a container allow it: --cap-add=SYS_PTRACE, or a seccomp profile that permits ptrace.",
            systemError);
    }
    return permission(
        std::move(what),
        "the program may have made itself undumpable (setuid, file capabilities, PR_SET_DUMPABLE)",
        "Run firstchance with CAP_SYS_PTRACE (sudo; in a container --cap-add=SYS_PTRACE).", systemError);
}

} // namespace firstchance
