#include "snapshot/one_thread.h"

#include <sys/ptrace.h>

#include "linux/ptrace.h"

namespace firstchance {
namespace {

constexpr int kStopMs = 200;

} // namespace

OneThread::OneThread(pid_t tid, std::uint64_t options) : threads_(1), options_(options) {
    threads_.front().tid = tid;
}

OneThread::~OneThread() {
    TracedThread& thread = threads_.front();
    if (thread.stopped) {
        ptrace::detach(thread.tid, thread.signal);
    } else if (seized_ && ptrace::interrupt(thread.tid) == 0) {
        const auto stop = ptrace::waitFor(thread.tid, kStopMs);
        if (stop && stop->kind != ptrace::Stop::Kind::Gone) {
            ptrace::detach(thread.tid, stop->signal);
        }
    }
}

bool OneThread::stop() {
    TracedThread& thread = threads_.front();
    seized_ = ptrace::seize(thread.tid, PTRACE_O_TRACESYSGOOD | options_) == 0;
    if (!seized_ || ptrace::interrupt(thread.tid) != 0) {
        return false;
    }
    const auto stop = ptrace::waitFor(thread.tid, kStopMs);
    if (!stop) {
        return false;
    }
    if (stop->kind == ptrace::Stop::Kind::Gone) {
        seized_ = false;
        return false;
    }
    thread.stopped = true;
    thread.signal = stop->signal;
    readRegisters(thread);
    return !thread.gone && !thread.foreign && thread.signal == 0;
}

} // namespace firstchance
