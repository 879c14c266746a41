#include "snapshot/stopped_process.h"

#include "snapshot/signal_shield.h"

namespace firstchance {

StoppedProcess::StoppedProcess(const LiveProcess& live, std::unique_ptr<StoppedThreads> threads, SharedCopy shared,
                               ProcessMemory memory, Pagemap pagemap, std::chrono::milliseconds limit)
    : FrozenImage(live, threads->threads(), std::move(shared)), stopped_(std::move(threads)), memory_(std::move(memory)),
      pagemap_(std::move(pagemap)), releaseBy_(std::chrono::steady_clock::now() + limit) {}

Result<void> StoppedProcess::release() {
    if (!isOwner()) {
        // A forked reader's destructor: these threads are not its tracees, every call would only fail.
        static_cast<void>(stopped_.release());
        return {};
    }
    if (stopped_) {
        const SignalShield shield;
        const auto first = stopped_->firstInterrupt();
        const auto running = stopped_->firstRunningInterrupt();
        stopped_->release(true, 0);
        timings_.runningPauseMs = static_cast<double>(monotonicNanoseconds() - running) / 1e6;
        stopped_->releaseAll();
        timings_.pauseBeginNs = first;
        timings_.pauseEndNs = monotonicNanoseconds();
        timings_.pauseMs = static_cast<double>(monotonicNanoseconds() - first) / 1e6;
        stopped_.reset();
    }
    return {};
}

} // namespace firstchance
