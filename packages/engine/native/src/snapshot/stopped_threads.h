#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <vector>

#include "base/process_image.h"
#include "base/result.h"
#include "snapshot/registers.h"

namespace firstchance {

//! \brief One thread of the target while we trace it.
struct TracedThread {
    pid_t tid = 0;
    pid_t namespaceTid = 0; //!< its id as the target itself knows it, in the target's pid namespace
    std::string name;       //!< comm
    char state = '?';
    bool running = true; //!< not asleep before the stop: stopped last, let go first
    bool stopped = false;
    bool gone = false;
    bool read = false;    //!< its registers are here
    bool foreign = false; //!< of another architecture (32 bit)
    int signal = 0;       //!< caught in delivery: goes back with the detach
    GeneralRegisters registers{};
    std::vector<std::byte> floatRegisters;
    std::vector<std::pair<std::uint32_t, std::vector<std::byte>>> extraRegisters;
};

//! \brief All threads of a process, traced; the destructor lets every one of them go with its signal.
//!
//! Threads are seized (which stops nobody), then interrupted: those that cannot be interrupted (state D: a
//! vfork waits for its child) before anybody else has to wait for them, then sleeping ones, since they cannot
//! touch memory, running ones last; the list is read again until it holds no new one (ptrace(2),
//! PTRACE_SEIZE, PTRACE_INTERRUPT).
class StoppedThreads {
public:
    explicit StoppedThreads(pid_t pid) : pid_(pid) {}
    StoppedThreads(const StoppedThreads&) = delete;
    StoppedThreads& operator=(const StoppedThreads&) = delete;
    ~StoppedThreads() { releaseAll(); }

    //! \brief Stops everything or, on failure, lets go what it had.
    Result<void> stopAll(std::chrono::milliseconds timeout);
    //! \brief Lets go the threads that ran (or those that slept), except \p except.
    void release(bool running, pid_t except);
    void releaseAll();
    //! \brief Lets go one thread.
    void releaseOne(TracedThread& thread);

    [[nodiscard]] std::vector<TracedThread>& threads() { return threads_; }
    //! \brief CLOCK_MONOTONIC, ns: when the first thread stood, and when the first running one was
    //! interrupted.
    [[nodiscard]] std::int64_t firstInterrupt() const { return firstInterrupt_; }
    [[nodiscard]] std::int64_t firstRunningInterrupt() const { return firstRunningInterrupt_; }

private:
    enum class Phase { Uninterruptible, Sleeping, Running };
    static Phase phaseOf(const TracedThread& thread);

    Result<bool> seizeNew();
    pid_t namespaceTid(pid_t tid);
    Result<void> stopRunning(std::int64_t deadline);
    Result<void> stopPhase(Phase phase, std::int64_t deadline);
    Result<void> readAll();
    Result<void> waitStopped(TracedThread& thread, std::int64_t deadline);

    pid_t pid_;
    std::optional<bool> otherNamespace_; //!< its pid namespace is not ours: a container, seen from outside
    std::vector<TracedThread> threads_;
    std::size_t listed_ = 0; //!< threads in the last listing
    std::int64_t firstInterrupt_ = 0;
    std::int64_t firstRunningInterrupt_ = 0;
};

//! \brief Reads the register sets of a stopped thread; repairs a spurious EINTR.
void readRegisters(TracedThread& thread);

//! \brief CLOCK_MONOTONIC in nanoseconds.
[[nodiscard]] std::int64_t monotonicNanoseconds();

} // namespace firstchance
