// The program under test of the snapshot tests: says where its things are, obeys lines on stdin, reports what
// it saw.
//   arguments: waits, churn, heap=MEGABYTES, leaderless (its first thread ends), childless, quiet (one
//   sleeping thread) commands:  report, wait (looks for strange children, reports), finish (wakes all,
//   reports, exits)
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "counters.h"

Counters& counters() {
    static Counters all;
    return all;
}

void reportWrong(const char* where, long result, int error) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    if (counters().firstWrong.empty()) {
        counters().firstWrong =
            std::string(where) + ":" + std::to_string(result) + ":" + std::to_string(error);
    }
}

#if defined(__x86_64__)
void startRegisterHolder() {
    static std::atomic<long> id{0};
    std::thread([] {
        id = ::syscall(SYS_gettid);
        const unsigned long long vector[2] = {0x0123456789abcdefULL, 0xfedcba9876543210ULL};
        asm volatile("movabs $0x1122334455667788, %%r12\n"
                     "movabs $0x99aabbccddeeff00, %%r13\n"
                     "movdqu %1, %%xmm7\n"
                     "1: pause\n"
                     "cmpb $0, %0\n"
                     "je 1b\n"
                     :
                     : "m"(counters().stop), "m"(vector)
                     : "r12", "r13", "xmm7", "cc", "memory");
    }).detach();
    while (id == 0) {
        std::this_thread::yield();
    }
    std::printf("registers=%ld ", id.load());
}
#else
void startRegisterHolder() {}
#endif

namespace {

void onChild(int) {
    ++counters().childSignals;
}
void onQueued(int, siginfo_t* info, void*) {
    if (info->si_code == SI_QUEUE && info->si_value.sival_int != 42) {
        ++counters().wrongResults;
    }
    ++counters().queuedSignals;
}

void installHandlers() {
    struct sigaction action {};
    action.sa_handler = onChild;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGCHLD, &action, nullptr);
    struct sigaction queued {};
    queued.sa_sigaction = onQueued;
    queued.sa_flags = SA_RESTART | SA_SIGINFO;
    ::sigaction(SIGRTMIN + 2, &queued, nullptr);
    sigset_t blocked; // for sigtimedwait
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR2);
    ::pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
}

//! \brief Children beside our own, whatever their exit signal: there must be none.
int countStrangers(pid_t own) {
    int count = 0;
    siginfo_t info{};
    while (::waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) == 0 &&
           info.si_pid != 0) {
        if (info.si_pid != own) {
            ++count;
        }
        int status = 0;
        ::waitpid(info.si_pid, &status, __WALL);
        info.si_pid = 0;
    }
    return count;
}

void report() {
    Counters& c = counters();
    std::printf(
        "childSignals=%ld queuedSignals=%ld sentToSelf=%ld spuriousInterrupts=%ld unavoidableInterrupts=%ld "
        "wrongResults=%ld earlyReturns=%ld waits=%ld threadsMade=%ld pingPongs=%ld handOffs=%ld "
        "strangers=%ld firstWrong=%s\n",
        c.childSignals.load(), c.queuedSignals.load(), c.sentToSelf.load(), c.spuriousInterrupts.load(),
        c.unavoidableInterrupts.load(), c.wrongResults.load(), c.earlyReturns.load(), c.waits.load(),
        c.threadsMade.load(), c.pingPongs.load(), c.handOffs.load(), c.strangers.load(),
        c.firstWrong.empty() ? "-" : c.firstWrong.c_str());
    std::fflush(stdout);
}

pid_t startChild() {
    int ends[2];
    if (::pipe(ends) != 0) {
        return 0;
    }
    const pid_t child = ::fork();
    if (child == 0) {
        // Until the target is gone, whoever ends it: its end of the pipe closes.
        for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO, ends[1]}) {
            ::close(fd);
        }
        char byte = 0;
        ::_exit(static_cast<int>(::read(ends[0], &byte, 1)));
    }
    ::close(ends[0]);
    return child;
}

int obey(pid_t child) {
    char line[64];
    while (std::fgets(line, sizeof line, stdin) != nullptr) {
        const std::string_view command(line);
        if (command.starts_with("report")) {
            report();
        } else if (command.starts_with("wait")) {
            counters().strangers += countStrangers(child);
            report();
        } else if (command.starts_with("finish")) {
            counters().stop = true;
            wakeWaits();
            report();
            break;
        }
    }
    if (child > 0) {
        ::kill(child, SIGKILL);
    }
    std::fflush(stdout);
    ::_exit(0);
}

} // namespace

int main(int count, char** arguments) {
    installHandlers();
    bool waits = false;
    bool churn = false;
    bool leaderless = false;
    bool quiet = false;
    bool childless = false;
    std::size_t heap = 4;
    for (int i = 1; i < count; ++i) {
        const std::string argument = arguments[i];
        waits = waits || argument == "waits";
        churn = churn || argument == "churn";
        leaderless = leaderless || argument == "leaderless";
        quiet = quiet || argument == "quiet";
        childless = childless || argument == "childless";
        if (argument.starts_with("heap=")) {
            heap = std::strtoull(argument.c_str() + 5, nullptr, 10);
        }
    }
    const pid_t child = quiet || childless ? 0 : startChild();
    std::printf("pid=%d child=%d ", ::getpid(), child);
    if (!quiet) {
        startRegisterHolder();
        startWriter(heap);
    }
    std::printf("waiting=%d churning=%d\n", waits ? startWaits() : 0, churn ? startChurn() : 0);
    std::fflush(stdout);
    if (leaderless) {
        std::thread(obey, child).detach();
        ::pthread_exit(nullptr);
    }
    return obey(child);
}
