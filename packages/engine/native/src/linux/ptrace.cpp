#include "linux/ptrace.h"

#include <elf.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace firstchance::ptrace {
namespace {

constexpr int kEventStop = 128; // PTRACE_EVENT_STOP, missing in old headers

template <class A, class D> int call(int request, pid_t tid, A address, D data) {
    return ::ptrace(static_cast<__ptrace_request>(request), tid, address, data) == 0 ? 0 : errno;
}

void* asPointer(std::uint64_t value) {
    return reinterpret_cast<void*>(value); // NOLINT(performance-no-int-to-ptr)
}

std::int64_t nowMicroseconds() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1'000'000LL + time.tv_nsec / 1000;
}

} // namespace

int seize(pid_t tid, std::uint64_t options) {
    return call(PTRACE_SEIZE, tid, nullptr, asPointer(options));
}
int interrupt(pid_t tid) {
    return call(PTRACE_INTERRUPT, tid, nullptr, nullptr);
}
int setOptions(pid_t tid, std::uint64_t options) {
    return call(PTRACE_SETOPTIONS, tid, nullptr, asPointer(options));
}
int detach(pid_t tid, int signal) {
    return call(PTRACE_DETACH, tid, nullptr, asPointer(static_cast<std::uint64_t>(signal)));
}
int resume(pid_t tid, int signal) {
    return call(PTRACE_CONT, tid, nullptr, asPointer(static_cast<std::uint64_t>(signal)));
}
int resumeToSystemCall(pid_t tid) {
    return call(PTRACE_SYSCALL, tid, nullptr, nullptr);
}
int getEventMessage(pid_t tid, unsigned long& message) {
    return call(PTRACE_GETEVENTMSG, tid, nullptr, &message);
}
int getSignalMask(pid_t tid, std::uint64_t& mask) {
    return call(PTRACE_GETSIGMASK, tid, asPointer(sizeof mask), &mask);
}
int setSignalMask(pid_t tid, std::uint64_t mask) {
    return call(PTRACE_SETSIGMASK, tid, asPointer(sizeof mask), &mask);
}

std::optional<std::vector<std::byte>> getRegisterSet(pid_t tid, unsigned type, std::size_t capacity) {
    std::vector<std::byte> bytes(capacity);
    iovec vector{bytes.data(), bytes.size()};
    if (::ptrace(PTRACE_GETREGSET, tid, asPointer(type), &vector) != 0) {
        return std::nullopt;
    }
    bytes.resize(vector.iov_len);
    return bytes;
}

int getRegisterSet(pid_t tid, unsigned type, void* data, std::size_t size) {
    iovec vector{data, size};
    const int error = call(PTRACE_GETREGSET, tid, asPointer(type), &vector);
    return error == 0 && vector.iov_len != size ? EINVAL : error;
}

int setRegisterSet(pid_t tid, unsigned type, const void* data, std::size_t size) {
    iovec vector{const_cast<void*>(data),
                 size}; // NOLINT(cppcoreguidelines-pro-type-const-cast): the kernel only reads
    return call(PTRACE_SETREGSET, tid, asPointer(type), &vector);
}

Stop decodeStatus(int status) {
    if (!WIFSTOPPED(status)) {
        return {Stop::Kind::Gone, 0};
    }
    const int event = status >> 16;
    const int signal = WSTOPSIG(status);
    if (event == kEventStop) {
        return {Stop::Kind::EventStop, 0};
    }
    if (event == PTRACE_EVENT_CLONE || event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK) {
        return {Stop::Kind::Clone, 0};
    }
    if (event != 0) {
        return {Stop::Kind::Other, 0};
    }
    if (signal == (SIGTRAP | 0x80)) {
        return {Stop::Kind::SystemCall, 0};
    }
    return {Stop::Kind::Signal, signal};
}

Stop wait(pid_t tid) {
    for (;;) {
        int status = 0;
        if (::waitpid(tid, &status, __WALL) == tid) {
            return decodeStatus(status);
        }
        if (errno != EINTR) {
            return {Stop::Kind::Gone, 0};
        }
    }
}

std::optional<Stop> waitFor(pid_t tid, int timeoutMs) {
    // waitpid has no time-out. Stops come within microseconds when a core is free: spin a moment, then in
    // growing steps.
    const std::int64_t start = nowMicroseconds();
    long sleepNanoseconds = 5'000;
    for (int round = 0;; ++round) {
        int status = 0;
        const pid_t got = ::waitpid(tid, &status, __WALL | WNOHANG);
        if (got == tid) {
            return decodeStatus(status);
        }
        if (got < 0 && errno != EINTR) {
            return Stop{Stop::Kind::Gone, 0};
        }
        if (nowMicroseconds() - start > timeoutMs * 1000LL) {
            return std::nullopt;
        }
        if (round > 50) {
            const timespec pause{0, sleepNanoseconds};
            ::nanosleep(&pause, nullptr);
            sleepNanoseconds = std::min(sleepNanoseconds * 2, 200'000L);
        }
    }
}

} // namespace firstchance::ptrace
