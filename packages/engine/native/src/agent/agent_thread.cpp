#include "agent/agent_thread.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/agent_log.h"
#include "agent/armed_state.h"
#include "agent/collecting.h"
#include "agent/native/native_sampling.h"
#include "agent/runtime_version.h"
#include "agent/sampling.h"

namespace firstchance::agent {
namespace {

constexpr std::uint32_t kSendMs = 100;
constexpr int kSkippedMs = 200;
// The runtime walks all stacks and marks the heap on the thread that asks for a collection; its own threads
// have this much. Only what is used is memory.
constexpr std::size_t kStackBytes = std::size_t{1536} * 1024;

std::atomic<int> g_engine{-1};
std::atomic<int> g_logged{-1};
std::atomic<int> g_wake{-1};
std::atomic<bool> g_pending{false};
std::atomic<bool> g_running{false};

void countDropped() {
    if (ControlLayout* control = g_agent.control.load(std::memory_order_acquire)) {
        control->dropped.fetch_add(1, std::memory_order_relaxed);
    }
}

bool sayHello(Agent& agent, int fd) {
    unsigned char buffer[256];
    MessageWriter message = beginMessage(buffer, sizeof buffer, MessageKind::Hello);
    message.u8(agent.attached ? 1 : 0);
    const RuntimeVersion version = runtimeVersion(agent.profilerInfo);
    message.text({version.text, version.size});
    return sendMessage(fd, message, Deadline(kSendMs));
}

// What the engine wants, of all it has sent meanwhile.
struct Wishes {
    bool gone = false;
    bool collect = false;
    bool sample = false;
    bool sampleNative = false;
    SampleAction action = SampleAction::Stop;
    std::uint64_t sequence = 0;
    std::uint32_t timeoutMs = 0;
    std::uint32_t period = 0;

    [[nodiscard]] bool any() const { return collect || sample || sampleNative; }
};

void understand(const unsigned char* packet, std::size_t size, Wishes& wishes) {
    MessageReader reader(packet, size);
    const bool ours = reader.u32() == kMessageMagic;
    const auto kind = static_cast<MessageKind>(reader.u8());
    const bool native = kind == MessageKind::SampleNative;
    if (!ours || (kind != MessageKind::Collect && kind != MessageKind::Sample && !native)) {
        return; // the filter has changed: it is read anew whatever was sent
    }
    wishes.sequence = reader.u64();
    if (kind != MessageKind::Collect) {
        wishes.action = static_cast<SampleAction>(reader.u8());
    }
    wishes.timeoutMs = reader.u32();
    if (native) {
        wishes.period = reader.u32();
    }
    wishes.collect = kind == MessageKind::Collect && reader.atEnd();
    wishes.sample = kind == MessageKind::Sample && reader.atEnd();
    wishes.sampleNative = native && reader.atEnd();
}

// Takes in packets up to the first wish that is to be answered.
Wishes receive(int fd) {
    Wishes wishes;
    while (!wishes.any()) {
        unsigned char packet[64];
        const ssize_t size = ::recv(fd, packet, sizeof packet, MSG_DONTWAIT);
        if (size > 0) {
            understand(packet, static_cast<std::size_t>(size), wishes);
        } else if (size == 0 || errno != EINTR) {
            wishes.gone = size == 0 || errno != EAGAIN;
            break;
        }
    }
    return wishes;
}

// Joins the end of one connection and the beginning of the next, by a session that attaches later.
pthread_mutex_t g_connectionMutex = PTHREAD_MUTEX_INITIALIZER;
std::uint64_t g_connection = 0;

std::uint64_t currentConnection() {
    const Lock lock(g_connectionMutex);
    return g_connection;
}

void engineHasGone(Agent& agent, std::uint64_t connection) {
    abandonSamples(agent);
    abandonNative(agent);
    {
        const Lock lock(g_connectionMutex);
        if (connection != g_connection) {
            return; // that was the one before
        }
        agent.engineGone.store(true, std::memory_order_relaxed);
    }
    logLine("the engine has gone");
    applyMode(agent);
}

// A descriptor that other threads may be about to send on is never closed: the target could get its number
// for a file of its own. A new connection takes the number over instead.
void publish(std::atomic<int>& slot, int fd) {
    int number = -1;
    if (!slot.compare_exchange_strong(number, fd)) {
        ::dup3(fd, number, O_CLOEXEC);
        ::close(fd);
    }
}

void publishConnection(Agent& agent, int engine, int logged) {
    const Lock lock(g_connectionMutex);
    publish(g_engine, engine);
    publish(g_logged, logged);
    ++g_connection;
    agent.engineGone.store(false, std::memory_order_relaxed);
}

void onWake(Agent& agent, int wake, int engine) {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t size = ::read(wake, &count, sizeof count);
    // Counts of a busy program are summed for a moment; the engine's words are heard meanwhile.
    pollfd item{engine, POLLIN, 0};
    ::poll(&item, 1, kSkippedMs);
    g_pending.store(false, std::memory_order_release);
    flushSkipped(agent);
}

void onEngine(Agent& agent, int engine, std::uint64_t connection) {
    const Wishes wishes = receive(engine);
    if (wishes.gone) {
        engineHasGone(agent, connection);
        return;
    }
    if (ControlLayout* control = agent.control.load(std::memory_order_acquire)) {
        agent.filter.refresh(*control);
    }
    applyMode(agent);
    if (wishes.collect) {
        collectGarbage(agent, wishes.sequence, wishes.timeoutMs);
    }
    if (wishes.sample) {
        sampleAllocations(agent, wishes.action, wishes.sequence, wishes.timeoutMs, connection);
    }
    if (wishes.sampleNative) {
        sampleNative(agent, wishes.action, wishes.sequence, wishes.timeoutMs, wishes.period, connection);
    }
}

void* run(void*) {
    Agent& agent = g_agent;
    while (true) {
        const std::uint64_t connection = currentConnection();
        const int engine = agent.engineGone.load(std::memory_order_relaxed) ? -1 : g_engine.load();
        pollfd items[] = {{engine, POLLIN, 0}, {g_wake.load(), POLLIN, 0}};
        if (::poll(items, 2, -1) < 0) {
            continue; // EINTR
        }
        if (items[1].revents != 0) {
            onWake(agent, items[1].fd, engine);
        }
        if (items[0].revents != 0) {
            onEngine(agent, engine, connection);
        }
    }
    return nullptr;
}

bool startThread() {
    if (g_running.exchange(true, std::memory_order_acq_rel)) {
        return true;
    }
    if (g_wake.load() < 0) {
        g_wake.store(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    }
    // The target's signals are for its own threads.
    sigset_t all;
    sigset_t kept;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &kept);
    pthread_t thread{};
    pthread_attr_t attributes;
    ::pthread_attr_init(&attributes);
    ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    ::pthread_attr_setstacksize(&attributes, kStackBytes);
    const int failed = ::pthread_create(&thread, &attributes, &run, nullptr);
    if (failed == 0) {
        ::pthread_setname_np(thread, "firstchance");
    }
    ::pthread_attr_destroy(&attributes);
    ::pthread_sigmask(SIG_SETMASK, &kept, nullptr);
    if (failed != 0) {
        g_running.store(false, std::memory_order_release);
    }
    return failed == 0;
}

void closeUnlessNone(int fd) {
    if (fd >= 0) {
        ::close(fd);
    }
}

} // namespace

bool startAgentThread(Agent& agent) {
    ControlLayout* control = agent.control.load(std::memory_order_acquire);
    const Deadline deadline(kSendMs);
    const int engine = connectToEngine(control->socketPath, deadline);
    const int logged = engine >= 0 ? connectToEngine(control->socketPath, deadline) : -1;
    if (logged < 0 || !sayHello(agent, engine)) {
        closeUnlessNone(engine);
        closeUnlessNone(logged);
        return false;
    }
    publishConnection(agent, engine, logged);
    const bool started = startThread();
    wakeAgentThread(); // one that runs already learns of the new connection
    return started;
}

void wakeAgentThread() {
    if (!g_pending.exchange(true, std::memory_order_acq_rel)) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t size = ::write(g_wake.load(), &one, sizeof one);
    }
}

void sendToEngine(const MessageWriter& message) {
    const int keptErrno = errno;
    const int fd = g_engine.load();
    if (fd >= 0 && !sendMessage(fd, message, Deadline(kSendMs))) {
        countDropped();
    }
    errno = keptErrno;
}

void sendLogged(const MessageWriter& message) {
    const int keptErrno = errno;
    const int fd = g_logged.load();
    if (fd < 0 || !sendMessage(fd, message, Deadline(0))) {
        countDropped();
    }
    errno = keptErrno;
}

void flushSkipped(Agent& agent) {
    agent.types.forEach([](TypeInfo& type) {
        for (std::size_t reason = 0; reason < kSkipReasons; ++reason) {
            const std::uint32_t count = type.skipped[reason].exchange(0, std::memory_order_relaxed);
            if (count == 0) {
                continue;
            }
            unsigned char buffer[kMaxNameBytes + 64];
            MessageWriter message = beginMessage(buffer, sizeof buffer, MessageKind::Skipped);
            message.u8(static_cast<std::uint8_t>(reason));
            message.u32(count);
            message.text(type.names.name);
            sendToEngine(message);
        }
    });
}

} // namespace firstchance::agent
