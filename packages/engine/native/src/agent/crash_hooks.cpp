#include "agent/crash_hooks.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "agent/agent_log.h"
#include "agent/agent_thread.h"
#include "agent/asking.h"
#include "agent/import_patch.h"
#include "agent/own_stack.h"
#include "agent/thread_state.h"

namespace firstchance::agent {
namespace {

using Abort = void (*)();
using SigAction = int (*)(int, const struct sigaction*, struct sigaction*);
Abort g_abort = nullptr;
SigAction g_sigaction = nullptr;

// Static, since the thread may have a few hundred bytes of an alternate stack left. Only one thread gets this
// far.
unsigned char g_message[kMaxMessageBytes];
RunningTests::Match g_test;
std::atomic<pid_t> g_dyingThread{0};
std::atomic<bool> g_asked{false};

Text signalName(int signal) {
    switch (signal) {
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGFPE: return "SIGFPE";
    case SIGILL: return "SIGILL";
    case SIGTRAP: return "SIGTRAP";
    case SIGABRT: return "SIGABRT";
    default: return "";
    }
}

void askBeforeDeath(Agent& agent, Text detail) {
    const ThreadState* thread = existingThreadState();
    Question question{Trigger::Unhandled, detail, {}, nullptr, &g_test};
    if (thread != nullptr && thread->uncaught && thread->thrownType != nullptr) {
        // No address: a collection may have moved the object since the throw.
        question.exception = {thread->thrownType->names.name,
                              thread->thrownHasMessage,
                              {thread->thrownMessage, thread->thrownMessageSize},
                              thread->thrownHresult,
                              0,
                              0};
    }
    agent.tests.matchWithoutWaiting(static_cast<pid_t>(::syscall(SYS_gettid)), g_test);
    const AskOutcome outcome = ask(agent, question, g_message);
    logLine("dying (%.*s): asked, outcome %d", static_cast<int>(detail.size), detail.data,
            static_cast<int>(outcome));
}

// Another thread that dies meanwhile must not end the process while the first one is being looked at.
void waitForTheFirst(const Agent& agent) {
    const Deadline deadline(agent.control.load()->timeoutMs.load(std::memory_order_relaxed) + 1000);
    while (!g_asked.load(std::memory_order_acquire) && !deadline.passed()) {
        const timespec pause{0, 5'000'000};
        ::nanosleep(&pause, nullptr);
    }
}

void beforeDeath(Text detail) {
    Agent& agent = g_agent;
    if ((agent.mode() & kUnhandled) == 0 || isSilent(agent) || ::getpid() != agent.pid) {
        return;
    }
    const auto self = static_cast<pid_t>(::syscall(SYS_gettid));
    pid_t first = 0;
    if (g_dyingThread.compare_exchange_strong(first, self)) {
        askBeforeDeath(agent, detail);
        g_asked.store(true, std::memory_order_release);
    } else if (first != self) {
        waitForTheFirst(agent);
    }
}

Text abortDetail() {
    const ThreadState* thread = existingThreadState();
    if (!isOnOwnStack()) {
        return "stack overflow"; // the runtime reports it from a stack kept for that
    }
    return thread != nullptr && thread->uncaught ? "unhandled exception" : "abort";
}

[[noreturn]] void onAbort() {
    beforeDeath(abortDetail());
    if (g_abort != nullptr) {
        g_abort();
    }
    ::abort();
}

// Whether this thread is in the handler of \p signal, which the kernel blocks meanwhile.
bool isBlocked(int signal) {
    sigset_t blocked;
    return ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked) == 0 && ::sigismember(&blocked, signal) == 1;
}

// The runtime restores the default action of a fault's signal only to die of it, save at its own shutdown
// (.NET 8), and that of SIGABRT also before it calls abort() itself.
int onSigaction(int signal, const struct sigaction* action, struct sigaction* previous) {
    if (action != nullptr && action->sa_handler == SIG_DFL && !signalName(signal).empty() &&
        !g_agent.shutDown.load(std::memory_order_relaxed) && (signal != SIGABRT || isBlocked(signal))) {
        beforeDeath(signalName(signal));
    }
    return g_sigaction(signal, action, previous);
}

} // namespace

bool installCrashHooks(Agent& agent) {
    // The interface's table of methods lies in libcoreclr.so, or in the executable of a single-file program.
    const void* inside = *static_cast<void**>(agent.profilerInfo);
    g_sigaction = &::sigaction;
    void* original = nullptr;
    bool done = replaceImport(inside, "sigaction", reinterpret_cast<void*>(&onSigaction), &original);
    if (done) {
        g_sigaction = reinterpret_cast<SigAction>(original);
    }
    if (replaceImport(inside, "abort", reinterpret_cast<void*>(&onAbort), &original)) {
        g_abort = reinterpret_cast<Abort>(original);
    } else {
        done = false;
    }
    logLine("crash hooks: %s", done ? "in place" : "the runtime's imports could not be changed");
    return done;
}

} // namespace firstchance::agent
