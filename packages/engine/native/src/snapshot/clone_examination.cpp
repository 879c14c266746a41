#include <sys/ptrace.h>
#include <unistd.h>

#include <algorithm>

#include "linux/process_status.h"
#include "snapshot/clone_target.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kSuspendSeccomp = 1U << 21U; // PTRACE_O_SUSPEND_SECCOMP
constexpr std::uint64_t kCapSysAdmin = 1ULL << 21U;  // <linux/capability.h>

Error refuse(pid_t pid, std::string why) {
    return {ErrorCode::CloneRefused, "Cloning process " + std::to_string(pid), std::move(why), "", 0};
}

//! \brief Options under which a filter of the target, if it has one, lets the calls pass.
Result<std::uint64_t> optionsForCalls(pid_t pid) {
    const auto status = readProcessStatus(pid);
    if (!status) {
        return fail(status.error());
    }
    if (status->seccompMode == 0) {
        return std::uint64_t{0};
    }
    // A filter may answer a forbidden call by killing the process. It can be suspended by CAP_SYS_ADMIN that
    // is under no filter itself (kernel/ptrace.c, check_ptrace_options). The filter that we live under too, a
    // container's, is harmless: we have forked.
    const auto own = readProcessStatus(::getpid());
    if (own && own->seccompMode == 0 && (own->effectiveCapabilities & kCapSysAdmin) != 0) {
        return kSuspendSeccomp;
    }
    if (own && own->seccompMode == status->seccompMode && own->seccompFilters == status->seccompFilters) {
        return std::uint64_t{0};
    }
    return fail(refuse(pid, "it runs under a seccomp filter of its own, which might kill it for the call"));
}

} // namespace

Result<InjectionMeans> examineForClone(const ProcessImage& target) {
    const pid_t pid = target.pid();
    const auto mappings = target.mappings();
    const bool hugePages = std::any_of(mappings.begin(), mappings.end(), [](const Mapping& mapping) {
        return !mapping.shared && mapping.path.starts_with("/anon_hugepage");
    });
    if (hugePages) {
        // A write of the parent needs a spare huge page; without one the kernel takes the page from the child
        // (mm/hugetlb.c, hugetlb_wp): holes in the copy.
        return fail(
            refuse(pid, "it uses reserved huge pages (GCLargePages), which a copy on write may lose"));
    }
    const auto options = optionsForCalls(pid);
    if (!options) {
        return fail(options.error());
    }
    return InjectionMeans{*options, findHomeCode(target)};
}

} // namespace firstchance
