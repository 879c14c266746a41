#include "agent_host/agent_host.h"

#include <errno.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "agent/message_codec.h"
#include "agent/protocol.h"
#include "agent_host/agent_connection.h"
#include "agent_host/control_writer.h"
#include "agent_host/listener.h"
#include "agent_host/message_parser.h"
#include "agent_host/thread_ids.h"

namespace firstchance {
namespace {

// More than any session needs; a peer that opens connections without end must not exhaust our descriptors.
constexpr std::size_t kMaxConnections = 512;
// Packets served per connection and round: a flood of log events must not keep an ask waiting.
constexpr int kPacketsPerRound = 64;
// More than an agent sends.
constexpr std::size_t kMaxSites = 4096;

bool send(int fd, const agent::MessageWriter& message) {
    // Answers are a few bytes on a connection of their own: there is room, or the agent is gone.
    ssize_t sent = 0;
    do {
        sent = ::send(fd, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent < 0 && errno == EINTR);
    return sent >= 0;
}

agent::MessageWriter begin(std::span<unsigned char> buffer, agent::MessageKind kind) {
    agent::MessageWriter message(buffer.data(), buffer.size());
    message.u32(agent::kMessageMagic);
    message.u8(static_cast<std::uint8_t>(kind));
    return message;
}

agent::SampleAction toWire(SampleAction action) {
    switch (action) {
    case SampleAction::Start: return agent::SampleAction::Start;
    case SampleAction::Report: return agent::SampleAction::Report;
    case SampleAction::Stop: break;
    }
    return agent::SampleAction::Stop;
}

template <class Callback, class... Arguments>
void notify(const Callback& callback, Arguments&&... arguments) {
    if (callback) {
        callback(std::forward<Arguments>(arguments)...);
    }
}

} // namespace

class AgentHost::Implementation {
public:
    Implementation(std::unique_ptr<Listener> listener, std::unique_ptr<ControlWriter> control,
                   std::string controlPath, Callbacks callbacks)
        : listener_(std::move(listener)), control_(std::move(control)), controlPath_(std::move(controlPath)),
          callbacks_(std::move(callbacks)) {}
    Implementation(const Implementation&) = delete;
    Implementation& operator=(const Implementation&) = delete;
    ~Implementation() {
        control_.reset(); // quiet first, so that nobody asks again
        for (const auto& [fd, connection] : connections_) {
            sendAnswer(connection, false);
        }
    }

    Result<void> update(const AgentFilter& filter) {
        auto written = control_->write(filter);
        if (written) {
            std::array<unsigned char, 16> buffer{};
            const auto message = begin(buffer, agent::MessageKind::FilterChanged);
            for (const auto& [fd, connection] : connections_) {
                if (connection.saidHello) {
                    static_cast<void>(send(fd, message));
                }
            }
        }
        return written;
    }

    void appendPollFds(std::vector<pollfd>& fds) const {
        if (connections_.size() < kMaxConnections) {
            fds.push_back({listener_->fd(), POLLIN, 0});
        }
        for (const auto& [fd, connection] : connections_) {
            fds.push_back({fd, POLLIN, 0});
        }
    }

    void dispatch(std::span<const pollfd> fds) {
        for (const pollfd& item : fds) {
            if (item.revents != 0 && connections_.count(item.fd) != 0) {
                serve(item.fd);
            }
        }
        // Last, so that a number that was just closed and given out again is not mistaken for the old
        // connection.
        for (const pollfd& item : fds) {
            if (item.revents != 0 && item.fd == listener_->fd()) {
                acceptAll();
            }
        }
    }

    void answer(std::uint64_t askId, bool captured) {
        for (auto& [fd, connection] : connections_) {
            if (askId != 0 && connection.askId == askId) {
                captured_ += captured ? 1 : 0;
                refused_ += captured ? 0 : 1;
                sendAnswer(connection, captured);
                connection.askId = 0;
                return;
            }
        }
    }

    bool collect(pid_t pid, std::uint64_t sequence, std::uint32_t timeoutMs) {
        std::array<unsigned char, 32> buffer{};
        auto message = begin(buffer, agent::MessageKind::Collect);
        message.u64(sequence);
        message.u32(timeoutMs);
        return sendTo(pid, message);
    }

    bool sample(pid_t pid, SampleAction action, std::uint64_t sequence, std::uint32_t timeoutMs) {
        std::array<unsigned char, 32> buffer{};
        auto message = begin(buffer, agent::MessageKind::Sample);
        message.u64(sequence);
        message.u8(static_cast<std::uint8_t>(toWire(action)));
        message.u32(timeoutMs);
        return sendTo(pid, message);
    }

    bool sampleNative(pid_t pid, SampleAction action, std::uint64_t sequence, std::uint32_t timeoutMs,
                      std::uint32_t periodBytes) {
        std::array<unsigned char, 32> buffer{};
        auto message = begin(buffer, agent::MessageKind::SampleNative);
        message.u64(sequence);
        message.u8(static_cast<std::uint8_t>(toWire(action)));
        message.u32(timeoutMs);
        message.u32(periodBytes);
        return sendTo(pid, message);
    }

    [[nodiscard]] Totals totals() const {
        const agent::ControlLayout& layout = control_->layout();
        return {layout.matched.load(), captured_, layout.skipped.load() + refused_, layout.dropped.load()};
    }

    [[nodiscard]] const std::string& controlPath() const { return controlPath_; }

private:
    bool sendTo(pid_t pid, const agent::MessageWriter& message) {
        return std::any_of(connections_.begin(), connections_.end(), [&](const auto& entry) {
            return entry.second.pid == pid && entry.second.saidHello && send(entry.first, message);
        });
    }

    static void sendAnswer(const AgentConnection& connection, bool captured) {
        if (connection.askId == 0) {
            return;
        }
        std::array<unsigned char, 32> buffer{};
        auto message = begin(buffer, agent::MessageKind::Answer);
        message.u64(connection.askSequence);
        message.u8(captured ? 1 : 0);
        static_cast<void>(send(connection.fd.get(), message));
    }

    void acceptAll() {
        while (connections_.size() < kMaxConnections) {
            PeerConnection peer = listener_->accept();
            if (!peer.fd.valid()) {
                return;
            }
            const int fd = peer.fd.get();
            AgentConnection connection;
            connection.fd = std::move(peer.fd);
            connection.pid = peer.pid;
            connections_.emplace(fd, std::move(connection));
        }
    }

    void serve(int fd) {
        std::array<unsigned char, agent::kMaxMessageBytes + 1> packet{};
        for (int i = 0; i < kPacketsPerRound; ++i) {
            const auto found = connections_.find(fd);
            if (found == connections_.end()) {
                return;
            }
            const ssize_t size = ::recv(fd, packet.data(), packet.size(), MSG_DONTWAIT);
            if (size < 0 && errno == EINTR) {
                continue;
            }
            if (size < 0 && errno == EAGAIN) {
                return;
            }
            const auto bytes = static_cast<std::size_t>(size > 0 ? size : 0);
            const AgentMessage message = bytes > 0 && bytes <= agent::kMaxMessageBytes
                                             ? parseAgentMessage({packet.data(), bytes})
                                             : AgentMessage();
            if (std::holds_alternative<std::monostate>(message)) {
                // The end, or not one of our agents.
                close(fd);
                return;
            }
            handle(found->second, message);
        }
    }

    void close(int fd) {
        const auto node = connections_.extract(fd);
        if (node.mapped().saidHello) {
            notify(callbacks_.disconnected, node.mapped().pid);
        }
    }

    void handle(AgentConnection& connection, const AgentMessage& message) {
        const pid_t pid = connection.pid;
        if (const auto* hello = std::get_if<AgentConnected>(&message)) {
            if (!std::exchange(connection.saidHello, true)) {
                notify(callbacks_.connected, AgentConnected{pid, hello->runtime, hello->how});
            }
        } else if (const auto* received = std::get_if<ReceivedAsk>(&message)) {
            handleAsk(connection, *received);
        } else if (const auto* exception = std::get_if<AgentException>(&message)) {
            AgentException event = *exception;
            event.pid = pid;
            notify(callbacks_.exception, event);
        } else if (const auto* test = std::get_if<AgentTest>(&message)) {
            AgentTest event = *test;
            event.pid = pid;
            notify(callbacks_.test, event);
        } else if (const auto* skipped = std::get_if<AgentSkipped>(&message)) {
            AgentSkipped event = *skipped;
            event.pid = pid;
            notify(callbacks_.skipped, event);
        } else if (const auto* collected = std::get_if<AgentCollected>(&message)) {
            AgentCollected event = *collected;
            event.pid = pid;
            notify(callbacks_.collected, event);
        } else if (const auto* survivors = std::get_if<ReceivedSurvivors>(&message)) {
            if (connection.survivors.size() < kMaxSites) {
                connection.survivors.push_back(*survivors);
            }
        } else if (const auto* native = std::get_if<ReceivedNativeSurvivors>(&message)) {
            if (connection.nativeSurvivors.size() < kMaxSites) {
                connection.nativeSurvivors.push_back(*native);
            }
        } else if (const auto* sampled = std::get_if<AgentSampled>(&message)) {
            AgentSampled event = *sampled;
            event.pid = pid;
            for (ReceivedSurvivors& one : std::exchange(connection.survivors, {})) {
                if (one.sequence == event.sequence) {
                    event.sites.push_back(std::move(one.site));
                }
            }
            for (ReceivedNativeSurvivors& one : std::exchange(connection.nativeSurvivors, {})) {
                if (one.sequence == event.sequence) {
                    event.nativeSites.push_back(std::move(one.site));
                }
            }
            notify(callbacks_.sampled, event);
        }
    }

    void handleAsk(AgentConnection& connection, const ReceivedAsk& received) {
        if (connection.askId != 0) {
            return; // one ask per connection
        }
        connection.askId = nextAskId_++;
        connection.askSequence = received.sequence;
        AgentAsk ask = received.ask;
        ask.askId = connection.askId;
        ask.pid = connection.pid;
        ask.tid = findThread(ask.pid, ask.namespaceTid);
        if (callbacks_.ask) {
            callbacks_.ask(ask);
        } else {
            answer(ask.askId, false);
        }
    }

    std::unique_ptr<Listener> listener_;
    std::unique_ptr<ControlWriter> control_;
    std::string controlPath_;
    Callbacks callbacks_;
    std::map<int, AgentConnection> connections_;
    std::uint64_t nextAskId_ = 1;
    std::uint64_t captured_ = 0;
    std::uint64_t refused_ = 0;
};

AgentHost::AgentHost(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}
AgentHost::~AgentHost() = default;

Result<std::unique_ptr<AgentHost>> AgentHost::open(const std::string& controlPath,
                                                   const std::string& socketPath, const AgentFilter& filter,
                                                   Callbacks callbacks) {
    // The socket first: an agent that finds the control file finds somebody who listens.
    auto listener = Listener::open(socketPath);
    if (!listener) {
        return fail(listener.error());
    }
    auto control = ControlWriter::create(controlPath, socketPath, filter);
    if (!control) {
        return fail(control.error());
    }
    return std::unique_ptr<AgentHost>(new AgentHost(std::make_unique<Implementation>(
        std::move(*listener), std::move(*control), controlPath, std::move(callbacks))));
}

Result<void> AgentHost::update(const AgentFilter& filter) {
    return implementation_->update(filter);
}
void AgentHost::appendPollFds(std::vector<pollfd>& fds) const {
    implementation_->appendPollFds(fds);
}
void AgentHost::dispatch(std::span<const pollfd> fds) {
    implementation_->dispatch(fds);
}

bool AgentHost::dispatchOnce(int timeoutMs) {
    std::vector<pollfd> fds;
    appendPollFds(fds);
    if (::poll(fds.data(), fds.size(), timeoutMs) <= 0) {
        return false;
    }
    dispatch(fds);
    return true;
}

void AgentHost::answer(std::uint64_t askId, bool captured) {
    implementation_->answer(askId, captured);
}
bool AgentHost::collect(pid_t pid, std::uint64_t sequence, std::uint32_t timeoutMs) {
    return implementation_->collect(pid, sequence, timeoutMs);
}

bool AgentHost::sample(pid_t pid, SampleAction action, std::uint64_t sequence, std::uint32_t timeoutMs) {
    return implementation_->sample(pid, action, sequence, timeoutMs);
}

bool AgentHost::sampleNative(pid_t pid, SampleAction action, std::uint64_t sequence, std::uint32_t timeoutMs,
                             std::uint32_t periodBytes) {
    return implementation_->sampleNative(pid, action, sequence, timeoutMs, periodBytes);
}

AgentHost::Totals AgentHost::totals() const {
    return implementation_->totals();
}

std::vector<std::byte> AgentHost::attachPayload() const {
    const auto bytes = std::as_bytes(std::span(implementation_->controlPath()));
    return {bytes.begin(), bytes.end()};
}

} // namespace firstchance
