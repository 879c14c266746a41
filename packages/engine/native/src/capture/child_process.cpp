#include "capture/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace firstchance {
namespace {

std::atomic<bool> g_cancelled{false};
static_assert(std::atomic<bool>::is_always_lock_free, "the flag is set from a signal handler");

void onTerminate(int) {
    g_cancelled.store(true, std::memory_order_relaxed);
}

//! The child shares nothing with the engine's client: a stray write must not corrupt the RPC stream.
void leaveStdio() {
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        ::dup2(null, STDIN_FILENO);
        ::dup2(null, STDOUT_FILENO);
        ::close(null);
    }
}

[[noreturn]] void runChild(const ChildProcess::Body& body, UniqueFd fd, int deathSignal, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, deathSignal);
    g_cancelled = false;
    installCancellationHandler();
    sigset_t none; // the engine blocks SIGTERM for its signalfd
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    if (::getppid() != parent) {
        ::_exit(0); // the parent died between fork and prctl: no signal will come
    }
    leaveStdio();
    const rlimit noCore{0, 0};
    ::setrlimit(RLIMIT_CORE,
                &noCore); // a crash of the DAC must not write a core of ours over the secrets in it
    LineChannel channel(std::move(fd));
    const int code = body(channel);
    // _exit: static destructors belong to the parent's state (open captures, sockets).
    ::_exit(code);
}

} // namespace

const std::atomic<bool>& cancellationFlag() {
    return g_cancelled;
}

void installCancellationHandler() {
    struct sigaction action {};
    action.sa_handler = onTerminate;
    ::sigaction(SIGTERM, &action, nullptr);
}

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(const Body& body, OnParentDeath onParentDeath) {
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) {
        return failSystem(ErrorCode::Internal, "Opening a channel to a worker process", errno);
    }
    UniqueFd mine(pair[0]);
    UniqueFd theirs(pair[1]);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) {
        return failSystem(ErrorCode::Internal, "Starting a worker process", errno,
                          "Raise the limit on processes (ulimit -u, pids.max).");
    }
    if (pid == 0) {
        mine.reset();
        runChild(body, std::move(theirs), onParentDeath == OnParentDeath::Kill ? SIGKILL : SIGTERM, parent);
    }
    return std::unique_ptr<ChildProcess>(new ChildProcess(pid, std::move(mine)));
}

ChildProcess::~ChildProcess() {
    if (!status_) {
        terminate();
        // It may be in the middle of a message that is larger than the socket holds, and nobody reads on.
        channel_.shutDown();
        wait();
    }
}

void ChildProcess::terminate() const {
    if (!status_) {
        ::kill(pid_, SIGTERM);
    }
}

void ChildProcess::kill() const {
    if (!status_) {
        ::kill(pid_, SIGKILL);
    }
}

int ChildProcess::wait() {
    while (!status_) {
        int status = 0;
        if (::waitpid(pid_, &status, 0) == pid_) {
            status_ = status;
        } else if (errno != EINTR) {
            status_ = 0; // someone else reaped it: nothing more to learn
        }
    }
    return *status_;
}

std::string describeWaitStatus(int status) {
    if (WIFSIGNALED(status)) {
        return "signal " + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) + ")";
    }
    return "exit status " + std::to_string(WEXITSTATUS(status));
}

} // namespace firstchance
