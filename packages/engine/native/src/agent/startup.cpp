#include "agent/startup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/agent_log.h"
#include "agent/agent_thread.h"
#include "agent/armed_state.h"
#include "agent/asking.h"
#include "agent/decline.h"
#include "agent/thread_state.h"

namespace firstchance::agent {
namespace {

std::size_t readCommandLine(char* out, std::size_t capacity) {
    const int fd = ::open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    std::size_t size = 0;
    while (fd >= 0 && size < capacity) {
        const ssize_t count = ::read(fd, out + size, capacity - size);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            break;
        }
        size += static_cast<std::size_t>(count);
    }
    if (fd >= 0) {
        ::close(fd);
    }
    return size;
}

bool isUnwanted(Agent& agent) {
    char commandLine[4096];
    const std::size_t size = readCommandLine(commandLine, sizeof commandLine);
    const FilterHolder::Reader reader(agent.filter);
    const bool unwanted = shouldDecline({commandLine, size}, reader.get()->decline);
    if (unwanted) {
        logLine("declined: %s", size > 0 ? commandLine : "");
    }
    return unwanted;
}

// Takes the interface for good: the agent never lets go of the runtime.
bool takeProfilerInfo(Agent& agent, void* unknown) {
    constexpr std::size_t kQueryInterface = 0;
    void* info = nullptr;
    if (call(unknown, kQueryInterface, &kIidProfilerInfo12, &info) < 0 || info == nullptr) {
        logLine("declined: the runtime is older than .NET 5");
        return false;
    }
    agent.profilerInfo = info;
    return true;
}

bool adoptControlFile(Agent& agent, const char* path) {
    ControlLayout* control = mapControlFile(path);
    if (control == nullptr) {
        logLine("declined: no control file of ours at %s", path);
        return false;
    }
    agent.filter.invalidate();
    if (!agent.filter.refresh(*control)) {
        logLine("declined: the filter in %s cannot be read", path);
        return false;
    }
    // Generations of another file say nothing: types are judged again, a time-out is forgotten.
    agent.types.forEach([](TypeInfo& type) { type.judgement.store(0, std::memory_order_relaxed); });
    agent.silentGeneration.store(1, std::memory_order_relaxed);
    agent.control.store(control, std::memory_order_release);
    return true;
}

// The runtime destroys the interface when Initialize fails.
void releaseProfilerInfo(Agent& agent) {
    constexpr std::size_t kRelease = 2;
    call(agent.profilerInfo, kRelease);
    agent.profilerInfo = nullptr;
}

bool connect(Agent& agent) {
    agent.pid = ::getpid();
    if (prepareThreadStates() && startAgentThread(agent)) {
        return true;
    }
    logLine("declined: nobody listens on %s", agent.control.load()->socketPath);
    agent.control.store(nullptr, std::memory_order_release);
    return false;
}

} // namespace

HResult startWithRuntime(Agent& agent, void* unknown) {
    openLog();
    char path[PATH_MAX];
    if (agent.profilerInfo != nullptr || !controlPathFromEnvironment(path, sizeof path) ||
        !adoptControlFile(agent, path)) {
        return kFail;
    }
    if (isUnwanted(agent) || !takeProfilerInfo(agent, unknown)) {
        agent.control.store(nullptr, std::memory_order_release);
        return kFail;
    }
    if (!connect(agent)) {
        releaseProfilerInfo(agent);
        return kFail;
    }
    // From here on the agent's thread uses the runtime: it stays loaded even if the mask should be refused.
    applyMode(agent);
    return kOk;
}

HResult startByAttach(Agent& agent, void* unknown, Text controlPath) {
    openLog();
    char path[PATH_MAX];
    if (controlPath.empty() || controlPath.size >= sizeof path || controlPath[0] != '/') {
        return kFail;
    }
    ::memcpy(path, controlPath.data, controlPath.size);
    path[controlPath.size] = '\0';
    // When the agent is here already, the runtime now has it twice. The second registration keeps the event
    // mask it begins with, none, so that nothing is reported twice; the first one follows the new control
    // file.
    const bool isFirst = agent.profilerInfo == nullptr;
    if (!adoptControlFile(agent, path) || (isFirst && !takeProfilerInfo(agent, unknown))) {
        return kFail;
    }
    agent.attached = true;
    if (!connect(agent)) {
        if (isFirst) {
            releaseProfilerInfo(agent);
        }
        return kFail;
    }
    applyMode(agent);
    return kOk;
}

void endWithRuntime(Agent& agent) {
    if (agent.shutDown.exchange(true) || agent.mode() == 0) {
        return;
    }
    if ((agent.mode() & kExit) != 0 && !isSilent(agent)) {
        static unsigned char message[kMaxMessageBytes];
        static RunningTests::Match test;
        agent.tests.match(static_cast<pid_t>(::syscall(SYS_gettid)), test);
        ask(agent, {Trigger::Exit, "", {}, nullptr, &test}, message);
    }
    flushSkipped(agent);
}

} // namespace firstchance::agent
