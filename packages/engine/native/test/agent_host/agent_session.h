#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent_host/agent_host.h"
#include "target_process.h"

namespace firstchance::test {

//! \brief A session folder with an AgentHost that records everything and answers every ask as told.
class AgentSession {
public:
    enum class Answers { Captured, Refused, Never };

    explicit AgentSession(const AgentFilter& filter, Answers answers = Answers::Captured);
    AgentSession(const AgentSession&) = delete;
    AgentSession& operator=(const AgentSession&) = delete;
    ~AgentSession();

    //! \brief Environment that loads the agent into a .NET process.
    [[nodiscard]] std::map<std::string, std::string> environment() const;
    //! \brief The thrower program with \p arguments.
    [[nodiscard]] std::unique_ptr<TargetProcess> start(const std::vector<std::string>& arguments) const;
    //! \brief Starts it, serves it, waits for its end.
    std::unique_ptr<TargetProcess> run(const std::vector<std::string>& arguments);
    //! \brief Serves what has come or comes within some milliseconds.
    void serve();
    //! \brief Serves until nothing more comes: after the target's end.
    void drain();
    //! \brief The agent's own diagnostics so far.
    [[nodiscard]] std::string log() const;
    [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

    std::unique_ptr<AgentHost> host;
    Answers answers;
    std::vector<AgentConnected> connected;
    std::vector<pid_t> disconnected;
    std::vector<AgentAsk> asks;
    std::vector<AgentException> exceptions;
    std::vector<AgentTest> tests;
    std::vector<AgentSkipped> skipped;
    std::vector<AgentCollected> collected;
    std::vector<AgentSampled> sampled;
    std::function<void(const AgentAsk&)> onAsk; //!< before the answer: the thread waits

private:
    std::filesystem::path folder_;
};

//! \brief `dotnet`, the thrower's dll and \p arguments.
[[nodiscard]] std::vector<std::string> throwerCommand(const std::vector<std::string>& arguments);
//! \brief The same program without an agent.
std::unique_ptr<TargetProcess> runWithoutAgent(const std::vector<std::string>& arguments);

} // namespace firstchance::test
