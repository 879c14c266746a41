#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>

namespace firstchance {

//! \brief The thread that traces one target.
//!
//! ptrace binds a tracee to the thread that seized it. When that thread ends the kernel detaches what it
//! still traces and kills what carries PTRACE_O_EXITKILL (kernel/ptrace.c, exit_ptrace): so nothing of a
//! failed attempt stays behind, not even a thread that would not stop in time. All its signals but faults are
//! blocked.
class TracerThread {
public:
    TracerThread();
    TracerThread(const TracerThread&) = delete;
    TracerThread& operator=(const TracerThread&) = delete;
    //! \brief Ends the thread. In a process forked since it does nothing: the thread is not there.
    ~TracerThread();

    //! \brief Does \p job on the thread and waits for its end.
    void run(const std::function<void()>& job);
    //! \brief Has \p job done on the thread at \p time, whatever everybody else does, unless it ends before.
    void runAt(std::chrono::steady_clock::time_point time, std::function<void()> job);

private:
    struct Shared;
    pid_t owner_;
    std::unique_ptr<Shared> shared_;
};

} // namespace firstchance
