#include "agent_session.h"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace firstchance::test {

AgentSession::AgentSession(const AgentFilter& filter, Answers how) : answers(how) {
    std::string pattern = (std::filesystem::temp_directory_path() / "fc-agent-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("mkdtemp");
    }
    folder_ = pattern;
    AgentHost::Callbacks callbacks;
    callbacks.connected = [this](const AgentConnected& event) { connected.push_back(event); };
    callbacks.disconnected = [this](pid_t pid) { disconnected.push_back(pid); };
    callbacks.exception = [this](const AgentException& event) { exceptions.push_back(event); };
    callbacks.test = [this](const AgentTest& event) { tests.push_back(event); };
    callbacks.skipped = [this](const AgentSkipped& event) { skipped.push_back(event); };
    callbacks.collected = [this](const AgentCollected& event) { collected.push_back(event); };
    callbacks.sampled = [this](const AgentSampled& event) { sampled.push_back(event); };
    callbacks.ask = [this](const AgentAsk& ask) {
        asks.push_back(ask);
        if (onAsk) {
            onAsk(ask);
        }
        if (answers != Answers::Never) {
            host->answer(ask.askId, answers == Answers::Captured);
        }
    };
    auto opened = AgentHost::open(path(".agent"), path("agents"), filter, std::move(callbacks));
    if (!opened) {
        throw std::runtime_error(describe(opened.error()));
    }
    host = std::move(*opened);
}

AgentSession::~AgentSession() {
    host.reset();
    std::filesystem::remove_all(folder_);
}

std::map<std::string, std::string> AgentSession::environment() const {
    return {
        {"CORECLR_ENABLE_NOTIFICATION_PROFILERS", "1"},
        {"CORECLR_NOTIFICATION_PROFILERS", std::string(FIRSTCHANCE_AGENT_LIBRARY) + "=" + kAgentClsid + ";"},
        {"FIRSTCHANCE_SESSION", folder_.string()},
        {"FIRSTCHANCE_LOG", path("log")}};
}

std::unique_ptr<TargetProcess> AgentSession::start(const std::vector<std::string>& arguments) const {
    return std::make_unique<TargetProcess>(throwerCommand(arguments), environment());
}

std::unique_ptr<TargetProcess> AgentSession::run(const std::vector<std::string>& arguments) {
    auto target = start(arguments);
    if (!target->runToEnd([this] { serve(); })) {
        throw std::runtime_error("the target did not end");
    }
    drain();
    return target;
}

void AgentSession::serve() {
    constexpr int kMilliseconds = 10;
    if (host) {
        host->dispatchOnce(kMilliseconds);
    } else {
        ::usleep(kMilliseconds * 1000);
    }
}

void AgentSession::drain() {
    while (host && host->dispatchOnce(0)) {
    }
}

std::string AgentSession::log() const {
    std::ifstream file(path("log"));
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<std::string> throwerCommand(const std::vector<std::string>& arguments) {
    std::vector<std::string> command = {"dotnet", FIRSTCHANCE_THROWER};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
}

std::unique_ptr<TargetProcess> runWithoutAgent(const std::vector<std::string>& arguments) {
    auto target =
        std::make_unique<TargetProcess>(throwerCommand(arguments), std::map<std::string, std::string>());
    target->runToEnd([] { ::usleep(5000); });
    return target;
}

} // namespace firstchance::test
