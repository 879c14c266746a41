#pragma once

#include "linux/pagemap.h"
#include "linux/process_memory.h"
#include "snapshot/frozen_image.h"

namespace firstchance {

//! \brief A copy-on-write copy made by an injected clone: a child of the target that never runs an instruction.
//!
//! We are its tracer, the target its parent. It dies with us (PTRACE_O_EXITKILL).
class ClonedProcess : public FrozenImage {
public:
    //! \param child its id as we see it
    //! \param childInTarget its id in the target's pid namespace
    //! \param instruction a system call instruction in the target, for the call that reaps it
    ClonedProcess(const LiveProcess& live, const std::vector<TracedThread>& threads, SharedCopy shared, pid_t child,
                  pid_t childInTarget, pid_t injectedThread, Address instruction, ProcessMemory memory, Pagemap pagemap);
    ~ClonedProcess() override { static_cast<void>(release()); }
    ClonedProcess(const ClonedProcess&) = delete;
    ClonedProcess& operator=(const ClonedProcess&) = delete;

    [[nodiscard]] CaptureMethod method() const override { return CaptureMethod::Clone; }
    Result<void> release() override;

protected:
    [[nodiscard]] std::size_t readPrivate(Address address, std::span<std::byte> buffer) const override {
        return memory_.read(address, buffer);
    }
    [[nodiscard]] std::vector<AddressRange> privatePagesOf(const Mapping& mapping, AddressRange range) const override {
        return pagemap_.privatePages(mapping, range);
    }

private:
    pid_t child_;
    pid_t childInTarget_;
    pid_t injectedThread_;
    Address instruction_;
    ProcessMemory memory_;
    Pagemap pagemap_;
};

//! \brief Kills the copy \p child and lets one thread of \p pid wait for it, unseen by the program.
Result<void> reapClone(pid_t pid, pid_t child, pid_t childInTarget, pid_t preferredThread, Address instruction);

} // namespace firstchance
