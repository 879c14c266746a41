// Threads blocked in every kind of system call that a program under test may be in when it is stopped.
#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <thread>
#include <vector>

#include "counters.h"

namespace {

constexpr long kWaitMs = 200;

struct Ends {
    std::array<int, 2> pipe{};
    std::array<int, 2> sockets{};
    int listener = -1;
    int word = 0;
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
};

Ends& ends() {
    static Ends all;
    return all;
}

double millisecondsNow() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

timespec inMilliseconds(long ms) {
    return {ms / 1000, ms % 1000 * 1000000};
}

//! \brief The result of a wait: the value, and errno when it is negative.
struct Outcome {
    long result;
    int error;
};

Outcome outcome(long result) {
    return {result, result < 0 ? errno : 0};
}

//! \brief Waits again and again until the end. \p timeoutError is what a time-out looks like (0: a result of
//! 0).
template <class Call> void repeatTimed(const char* name, int timeoutError, bool restarts, Call call) {
    while (!counters().stop) {
        const double start = millisecondsNow();
        const Outcome got = call();
        if (counters().stop) {
            return;
        }
        ++counters().waits;
        if (got.result < 0 && got.error == EINTR) {
            ++(restarts ? counters().spuriousInterrupts : counters().unavoidableInterrupts);
            if (restarts) {
                reportWrong(name, got.result, got.error);
            }
        } else if (timeoutError != 0 ? got.result >= 0 || got.error != timeoutError : got.result != 0) {
            reportWrong(name, got.result, got.error);
            ++counters().wrongResults;
        } else if (millisecondsNow() - start < static_cast<double>(kWaitMs) - 2) {
            reportWrong(name, got.result, got.error);
            ++counters().earlyReturns;
        }
    }
}

//! \brief Waits once, for the end of the program.
template <class Call> void waitForEnd(const char* name, Call call) {
    const Outcome got = call();
    ++counters().waits;
    if (got.result < 0 && got.error == EINTR) {
        ++counters().spuriousInterrupts;
        reportWrong(name, got.result, got.error);
    } else if (!counters().stop || got.result < 0) {
        ++counters().wrongResults;
        reportWrong(name, got.result, got.error);
    }
}

int makeEpoll() {
    const int fd = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event event{};
    event.events = EPOLLIN;
    ::epoll_ctl(fd, EPOLL_CTL_ADD, ends().pipe[0], &event);
    return fd;
}

long futexWait(int* word, const timespec* timeout) {
    return ::syscall(SYS_futex, word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, timeout, nullptr, 0);
}

void pollOnce() {
    pollfd descriptor{ends().pipe[0], POLLIN, 0};
    repeatTimed("poll", 0, true, [&] { return outcome(::poll(&descriptor, 1, kWaitMs)); });
}

void acceptOne() {
    waitForEnd("accept", [] { return outcome(::accept4(ends().listener, nullptr, nullptr, SOCK_CLOEXEC)); });
}

void receiveTimed() {
    const timeval timeout{0, kWaitMs * 1000};
    ::setsockopt(ends().sockets[0], SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    char byte = 0;
    repeatTimed("recv", EAGAIN, false, [&] { return outcome(::recv(ends().sockets[0], &byte, 1, 0)); });
}

void waitForSignal() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    const timespec timeout = inMilliseconds(kWaitMs);
    repeatTimed("sigtimedwait", EAGAIN, false,
                [&] { return outcome(::sigtimedwait(&set, nullptr, &timeout)); });
}

void sleepUntil() {
    repeatTimed("clock_nanosleep", 0, true, [] {
        timespec until{};
        ::clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += kWaitMs * 1000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        const int error = ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
        return Outcome{error == 0 ? 0 : -1, error};
    });
}

void waitForAnyChild() {
    // The target's own child lives until the end: nothing may be found before.
    int status = 0;
    const pid_t got = ::waitpid(-1, &status, 0);
    const int error = errno;
    ++counters().waits;
    if (!counters().stop && !(got < 0 && error == ECHILD)) { // it may have been told to have none
        ++(got < 0 && error == EINTR ? counters().spuriousInterrupts : counters().strangers);
        reportWrong("waitpid", got, error);
    }
}

void waitOnCondition() {
    pthread_mutex_lock(&ends().mutex);
    while (!counters().stop) {
        pthread_cond_wait(&ends().condition, &ends().mutex);
    }
    pthread_mutex_unlock(&ends().mutex);
    ++counters().waits;
}

} // namespace

int startWaits() {
    if (::pipe(ends().pipe.data()) != 0 ||
        ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends().sockets.data()) != 0) {
        return 0;
    }
    ends().listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un any{AF_UNIX, {}};
    ::bind(ends().listener, reinterpret_cast<const sockaddr*>(&any), sizeof(sa_family_t)); // an abstract name
    ::listen(ends().listener, 1);
    const std::vector<void (*)()> all = {
        [] {
            waitForEnd("read", [] {
                char byte = 0;
                return outcome(::read(ends().pipe[0], &byte, 1));
            });
        },
        [] { waitForEnd("futex", [] { return outcome(futexWait(&ends().word, nullptr)); }); },
        [] {
            waitForEnd("epoll_wait", [] {
                epoll_event e{};
                return outcome(::epoll_wait(makeEpoll(), &e, 1, -1));
            });
        },
        [] {
            repeatTimed("timed futex", ETIMEDOUT, true, [] {
                static int word = 0;
                const timespec timeout = inMilliseconds(kWaitMs);
                return outcome(futexWait(&word, &timeout));
            });
        },
        [] {
            repeatTimed("nanosleep", 0, true, [] {
                const timespec timeout = inMilliseconds(kWaitMs);
                return outcome(::nanosleep(&timeout, nullptr));
            });
        },
        [] {
            const int epoll = makeEpoll();
            repeatTimed("timed epoll_wait", 0, false, [epoll] {
                epoll_event e{};
                return outcome(::epoll_wait(epoll, &e, 1, kWaitMs));
            });
        },
        [] {
            repeatTimed("select", 0, true, [] {
                timeval timeout{0, kWaitMs * 1000};
                return outcome(::select(0, nullptr, nullptr, nullptr, &timeout));
            });
        },
        sleepUntil,
        pollOnce,
        acceptOne,
        receiveTimed,
        waitForSignal,
        waitForAnyChild,
        waitOnCondition,
    };
    for (void (*wait)() : all) {
        std::thread(wait).detach();
    }
    return static_cast<int>(all.size());
}

void wakeWaits() {
    const char bytes[4] = {};
    static_cast<void>(::write(ends().pipe[1], bytes, sizeof bytes));
    const int client = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    socklen_t size = sizeof address;
    ::getsockname(ends().listener, reinterpret_cast<sockaddr*>(&address), &size);
    static_cast<void>(::connect(client, reinterpret_cast<const sockaddr*>(&address), size));
    ends().word = 1;
    ::syscall(SYS_futex, &ends().word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, INT_MAX, nullptr, nullptr, 0);
    pthread_cond_broadcast(&ends().condition);
}
