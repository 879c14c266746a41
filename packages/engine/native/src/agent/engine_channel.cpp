#include "agent/engine_channel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>

namespace firstchance::agent {
namespace {

enum class Ready { Yes, No };

Ready waitFor(int fd, short events, const Deadline& deadline) {
    while (true) {
        pollfd item{fd, events, 0};
        const timespec left = deadline.left();
        const int count = ::ppoll(&item, 1, &left, nullptr);
        if (count > 0) {
            return Ready::Yes;
        }
        if ((count < 0 && errno != EINTR) || deadline.passed()) {
            return Ready::No;
        }
    }
}

// Yama's scope 1 lets only ancestors trace, and whom the tracee names, with that process's descendants: so
// the engine's own process, which is the peer that called listen(), covers the processes it forks for
// captures.
void permitTracing(int fd) {
    static std::atomic<pid_t> permitted{0};
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || peer.pid <= 0 ||
        permitted.load(std::memory_order_relaxed) == peer.pid) {
        return;
    }
    ::prctl(PR_SET_PTRACER, static_cast<unsigned long>(peer.pid), 0UL, 0UL,
            0UL); // EINVAL without yama: no matter
    permitted.store(peer.pid, std::memory_order_relaxed);
}

// An AF_UNIX connect that does not block says EAGAIN when the backlog is full: poll cannot wait for that.
bool connectWithin(int fd, const sockaddr_un& address, const Deadline& deadline) {
    while (true) {
        if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
            errno == EISCONN) {
            return true;
        }
        if (errno == EINTR) {
            continue;
        }
        if (errno != EAGAIN || deadline.passed()) {
            return false;
        }
        const timespec pause{0, 1'000'000};
        ::nanosleep(&pause, nullptr);
    }
}

AskOutcome awaitAnswer(int fd, std::uint64_t sequence, const Deadline& deadline) {
    while (waitFor(fd, POLLIN, deadline) == Ready::Yes) {
        unsigned char packet[64];
        const ssize_t size = ::recv(fd, packet, sizeof packet, MSG_DONTWAIT);
        if (size < 0 && (errno == EINTR || errno == EAGAIN)) {
            continue;
        }
        if (size <= 0) {
            return AskOutcome::NoEngine;
        }
        MessageReader reader(packet, static_cast<std::size_t>(size));
        const bool isAnswer = reader.u32() == kMessageMagic &&
                              reader.u8() == static_cast<std::uint8_t>(MessageKind::Answer) &&
                              reader.u64() == sequence;
        const bool captured = reader.u8() != 0;
        if (isAnswer && reader.ok()) {
            return captured ? AskOutcome::Captured : AskOutcome::Refused;
        }
    }
    return AskOutcome::TimedOut;
}

} // namespace

MessageWriter beginMessage(unsigned char* buffer, std::size_t capacity, MessageKind kind) {
    MessageWriter message(buffer, capacity);
    message.u32(kMessageMagic);
    message.u8(static_cast<std::uint8_t>(kind));
    return message;
}

int connectToEngine(const char* socketPath, const Deadline& deadline) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::size_t length = ::strnlen(socketPath, sizeof address.sun_path);
    if (length == 0 || length == sizeof address.sun_path) {
        return -1;
    }
    ::memcpy(address.sun_path, socketPath, length);
    const int fd = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -1;
    }
    if (!connectWithin(fd, address, deadline)) {
        ::close(fd);
        return -1;
    }
    permitTracing(fd);
    return fd;
}

bool sendMessage(int fd, const MessageWriter& message, const Deadline& deadline) {
    if (!message.ok()) {
        return false;
    }
    while (true) {
        const ssize_t sent = ::send(fd, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            return true;
        }
        if (errno == EINTR) {
            continue;
        }
        if (errno != EAGAIN || deadline.passed() || waitFor(fd, POLLOUT, deadline) == Ready::No) {
            return false;
        }
    }
}

AskOutcome askEngine(const char* socketPath, const MessageWriter& ask, std::uint64_t sequence,
                     const Deadline& deadline) {
    const int fd = connectToEngine(socketPath, deadline);
    if (fd < 0) {
        return deadline.passed() ? AskOutcome::TimedOut : AskOutcome::NoEngine;
    }
    AskOutcome outcome = AskOutcome::NoEngine;
    if (sendMessage(fd, ask, deadline)) {
        outcome = awaitAnswer(fd, sequence, deadline);
    } else if (deadline.passed()) {
        outcome = AskOutcome::TimedOut;
    }
    ::close(fd);
    return outcome;
}

} // namespace firstchance::agent
