#pragma once

#include <sys/types.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "base/result.h"
#include "capture/line_channel.h"

namespace firstchance {

//! \brief Whether SIGTERM has asked this process to stop. Set by the handler that ChildProcess installs in
//! its children.
[[nodiscard]] const std::atomic<bool>& cancellationFlag();
//! \brief Installs the SIGTERM handler that sets cancellationFlag(), without SA_RESTART.
void installCancellationHandler();

//! \brief A forked process of ours that runs a function and talks over a LineChannel.
//!
//! What may crash (the DAC), leak, or must own a ptrace relation runs in such a process. The engine is
//! single-threaded when it forks, so the child may use everything.
class ChildProcess {
public:
    //! \brief What becomes of the child when its parent dies.
    enum class OnParentDeath {
        Terminate, //!< SIGTERM: it holds a target and must let it go in order
        Kill       //!< it only reads
    };
    using Body = std::function<int(LineChannel&)>;

    static Result<std::unique_ptr<ChildProcess>> start(const Body& body, OnParentDeath onParentDeath);
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    //! \brief Sends SIGTERM and waits: a child never outlives its owner.
    ~ChildProcess();

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] LineChannel& channel() { return channel_; }
    void terminate() const;
    void kill() const;
    //! \brief Waits for the end; the wait status of waitpid(2).
    int wait();

private:
    ChildProcess(pid_t pid, UniqueFd fd) : pid_(pid), channel_(std::move(fd)) {}

    pid_t pid_;
    LineChannel channel_;
    std::optional<int> status_;
};

//! \brief "exit status 1" or "signal 11 (Segmentation fault)" of a wait status.
[[nodiscard]] std::string describeWaitStatus(int status);

} // namespace firstchance
