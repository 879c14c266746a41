#pragma once

#include "linux/pagemap.h"
#include "linux/process_memory.h"
#include "snapshot/frozen_image.h"
#include "snapshot/injection.h"

namespace firstchance {

//! \brief The process an injected clone made, stopped before its first instruction.
struct CloneOfTarget {
    pid_t child = 0;
    pid_t childInTarget = 0; //!< its id in the target's pid namespace
    pid_t injectedThread = 0;
    InjectionMeans means;
    bool childStopped = false; //!< it stands and dies with us
};

//! \brief A copy-on-write copy made by an injected clone: a child of the target that never runs an
//! instruction.
//!
//! We are its tracer, the target its parent. It dies with us (PTRACE_O_EXITKILL).
class ClonedProcess : public FrozenImage {
public:
    ClonedProcess(const LiveProcess& live, std::span<const Mapping> mappings,
                  const std::vector<TracedThread>& threads, SharedCopy shared, const CloneOfTarget& clone,
                  ProcessMemory memory, Pagemap pagemap)
        : FrozenImage(live, mappings, threads, std::move(shared)), clone_(clone), memory_(std::move(memory)),
          pagemap_(std::move(pagemap)) {}
    ~ClonedProcess() override { static_cast<void>(release()); }
    ClonedProcess(const ClonedProcess&) = delete;
    ClonedProcess& operator=(const ClonedProcess&) = delete;

    [[nodiscard]] CaptureMethod method() const override { return CaptureMethod::Clone; }

protected:
    Result<void> releaseOnTracer() override;
    [[nodiscard]] std::size_t readPrivate(Address address, std::span<std::byte> buffer) const override {
        return memory_.read(address, buffer);
    }
    [[nodiscard]] std::vector<AddressRange> privatePagesOf(const Mapping& mapping,
                                                           AddressRange range) const override {
        return pagemap_.privatePages(mapping, range);
    }

private:
    CloneOfTarget clone_;
    ProcessMemory memory_;
    Pagemap pagemap_;
};

//! \brief Kills the copy and lets one thread of \p pid wait for it, unseen by the program. On the tracing
//! thread. \param windowMs how long a kill of ours would have harmed that thread; 0: it finds back
Result<void> reapClone(pid_t pid, const CloneOfTarget& clone, double& windowMs);

} // namespace firstchance
