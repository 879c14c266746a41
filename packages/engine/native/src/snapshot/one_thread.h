#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "snapshot/stopped_threads.h"

namespace firstchance {

//! \brief One thread of the target, seized and stopped; let go with its signal at the end.
class OneThread {
public:
    //! \param options ptrace options beside PTRACE_O_TRACESYSGOOD
    OneThread(pid_t tid, std::uint64_t options);
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;
    ~OneThread();

    //! \brief False when it does not stop in time, is gone, or stopped with a signal to deliver.
    bool stop();
    //! \brief It alone.
    [[nodiscard]] std::vector<TracedThread>& threads() { return threads_; }

private:
    std::vector<TracedThread> threads_;
    std::uint64_t options_;
    bool seized_ = false;
};

} // namespace firstchance
