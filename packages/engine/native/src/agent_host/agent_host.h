#pragma once

#include <poll.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "agent_host/agent_events.h"
#include "agent_host/agent_filter.h"
#include "base/result.h"

namespace firstchance {

//! \brief Class id of the agent's profiler, as CORECLR_NOTIFICATION_PROFILERS and AttachProfiler want it.
inline constexpr const char* kAgentClsid = "{5C1A2F7E-93D4-4B60-8E1B-6F0C7D29A4E3}";

//! \brief What is asked of the sampling of allocations.
enum class SampleAction { Start, Report, Stop };

//! \brief The engine's end of the agents: owns their control file and their socket.
//!
//! Single-threaded: all calls and all callbacks on one thread. Callbacks may call every method but the
//! destructor.
class AgentHost {
public:
    //! \brief Absent ones are not called; an ask without a callback is answered with false at once.
    struct Callbacks {
        std::function<void(const AgentConnected&)> connected;
        std::function<void(pid_t)> disconnected;
        std::function<void(const AgentException&)> exception;
        std::function<void(const AgentTest&)> test;
        std::function<void(const AgentSkipped&)> skipped;
        std::function<void(const AgentAsk&)> ask;
        std::function<void(const AgentCollected&)> collected;
        std::function<void(const AgentSampled&)> sampled;
    };
    struct Totals {
        std::uint64_t matched = 0;  //!< exceptions that passed the filter, rethrows not counted
        std::uint64_t captured = 0; //!< asks answered with true
        std::uint64_t skipped = 0;  //!< matches that were not asked for, or answered with false
        std::uint64_t dropped = 0;  //!< log and test events the socket had no room for
    };

    //! \brief Writes the control file (0600) and listens on the socket (0600) at absolute paths whose folders
    //! exist and belong to nobody else. A stale file or socket of the same name is replaced.
    [[nodiscard]] static Result<std::unique_ptr<AgentHost>> open(const std::string& controlPath,
                                                                 const std::string& socketPath,
                                                                 const AgentFilter& filter,
                                                                 Callbacks callbacks);
    AgentHost(const AgentHost&) = delete;
    AgentHost& operator=(const AgentHost&) = delete;
    //! \brief The agents go quiet, waiting threads go on, control file and socket are removed.
    ~AgentHost();

    //! \brief Running agents judge the next exception by the new filter. Counts of the session go on.
    [[nodiscard]] Result<void> update(const AgentFilter& filter);

    //! \brief Adds what to poll for.
    void appendPollFds(std::vector<pollfd>& fds) const;
    //! \brief Serves what poll(2) found; descriptors that are not ours are passed over.
    void dispatch(std::span<const pollfd> fds);
    //! \brief Polls and serves once: for callers without a loop of their own. False when nothing came in
    //! time.
    bool dispatchOnce(int timeoutMs);

    //! \brief Lets the waiting thread go on. Nothing happens when it has stopped waiting or is answered
    //! already.
    void answer(std::uint64_t askId, bool captured);

    //! \brief Asks the agent in a process for full collections with finalizers in between; `collected` tells
    //! the outcome, with \p sequence. \p timeoutMs: how long it waits for finalizers. False when no agent of
    //! this process is connected.
    [[nodiscard]] bool collect(pid_t pid, std::uint64_t sequence, std::uint32_t timeoutMs);

    //! \brief Asks the agent in a process to begin sampling allocations, to report those that survive a
    //! collection, or to stop without a report; `sampled` tells the outcome, with \p sequence. \p timeoutMs:
    //! how long a report waits for finalizers. False when no agent of this process is connected.
    [[nodiscard]] bool sample(pid_t pid, SampleAction action, std::uint64_t sequence,
                              std::uint32_t timeoutMs);

    //! \brief The same for native memory, which is not the runtime's to pick: the agent stands in for malloc,
    //! mmap and their kin in the process until the report or the stop. One of \p periodBytes bytes of malloc
    //! is picked at random; 1 takes every block.
    [[nodiscard]] bool sampleNative(pid_t pid, SampleAction action, std::uint64_t sequence,
                                    std::uint32_t timeoutMs, std::uint32_t periodBytes);

    [[nodiscard]] Totals totals() const;
    //! \brief The client data for AttachProfiler: tells the agent where the control file is.
    [[nodiscard]] std::vector<std::byte> attachPayload() const;

private:
    class Implementation;
    explicit AgentHost(std::unique_ptr<Implementation> implementation);
    std::unique_ptr<Implementation> implementation_;
};

} // namespace firstchance
