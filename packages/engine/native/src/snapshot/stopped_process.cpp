#include "snapshot/stopped_process.h"

#include <unistd.h>

#include <new>

namespace firstchance {

static_assert(std::atomic<bool>::is_always_lock_free); // it lies in memory of several processes

StoppedProcess::StoppedProcess(const LiveProcess& live, std::unique_ptr<StoppedThreads> threads,
                               SharedCopy shared, ProcessMemory memory, Pagemap pagemap,
                               std::chrono::steady_clock::time_point releaseBy)
    : FrozenImage(live, live.mappings(), threads->threads(), std::move(shared)), stopped_(std::move(threads)),
      memory_(std::move(memory)), pagemap_(std::move(pagemap)), releaseBy_(releaseBy),
      flag_(MappedBuffer::allocateShared(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)))) {
    new (flag_.data()) std::atomic<bool>(false);
}

std::atomic<bool>& StoppedProcess::runsAgain() const {
    return *reinterpret_cast<std::atomic<bool>*>(flag_.data());
}

void StoppedProcess::watch(TracerThread& tracer) {
    tracer.runAt(releaseBy_, [this] { letGo(); });
}

void StoppedProcess::letGo() {
    runsAgain() = true;
    const auto first = stopped_->firstInterrupt();
    const auto running = stopped_->firstRunningInterrupt();
    stopped_->release(true, 0);
    timings_.runningPauseMs = static_cast<double>(monotonicNanoseconds() - running) / 1e6;
    stopped_->releaseAll();
    timings_.pauseMs = static_cast<double>(monotonicNanoseconds() - first) / 1e6;
}

Result<void> StoppedProcess::releaseOnTracer() {
    if (runsAgain()) {
        return fail({ErrorCode::DeadlineExceeded, "Holding process " + std::to_string(pid()),
                     "its time limit passed, it was let go before it was released", "", 0});
    }
    letGo();
    return {};
}

std::size_t StoppedProcess::readPrivate(Address address, std::span<std::byte> buffer) const {
    const std::size_t got = memory_.read(address, buffer);
    return runsAgain() ? 0 : got; // asked afterwards: it stood until the last byte
}

std::vector<AddressRange> StoppedProcess::privatePagesOf(const Mapping& mapping, AddressRange range) const {
    auto pages = pagemap_.privatePages(mapping, range);
    return runsAgain() ? std::vector<AddressRange>() : pages;
}

} // namespace firstchance
