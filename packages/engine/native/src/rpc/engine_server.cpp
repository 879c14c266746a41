#include "rpc/engine_server.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "capture/capture_process.h"
#include "capture/census_process.h"
#include "linux/process_status.h"
#include "rpc/methods.h"

namespace firstchance {
namespace {

constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;

//! \brief The signals that end the engine in order. SIGINT is not among them: Ctrl-C reaches the whole
//! foreground group, and the session decides what it means.
UniqueFd openSignals() {
    ::signal(SIGINT, SIG_IGN);
    ::signal(SIGPIPE, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    return UniqueFd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

} // namespace

EngineServer::EngineServer(int inputFd, int outputFd)
    : connection_(
          inputFd, outputFd,
          {[this](const RequestId& id, const std::string& method, const Json& params) {
               onRequest(id, method, params);
           },
           [this](const std::string& method, const Json& params) { onNotification(method, params); }}),
      agents_(connection_, jobs_), inputFd_(inputFd), signals_(openSignals()) {}

int EngineServer::run() {
    while (!clientGone_ || !jobs_.empty()) {
        pollOnce();
    }
    return 0;
}

void EngineServer::pollOnce() {
    std::vector<pollfd> fds;
    fds.push_back({signals_.get(), POLLIN, 0});
    fds.push_back({clientGone_ ? -1 : inputFd_, POLLIN, 0});
    std::vector<Job*> jobs;
    for (const auto& job : jobs_.all()) {
        jobs.push_back(job.get());
        fds.push_back({job->process->channel().fd(), POLLIN, 0});
    }
    const std::size_t firstAgent = fds.size();
    agents_.appendPollFds(fds);
    if (::poll(fds.data(), fds.size(), agents_.pollTimeout()) < 0) {
        return; // EINTR
    }
    if ((fds[0].revents & POLLIN) != 0) {
        onSignal();
    }
    // Agents first: a thread of the target waits.
    agents_.dispatch(std::span(fds).subspan(firstAgent));
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        if (fds[2 + i].revents != 0) {
            jobs_.pump(jobs[i]);
        }
    }
    if (!clientGone_ && fds[1].revents != 0 && !connection_.readAvailable()) {
        clientGone_ = true;
        agents_.disarm();
        // Frozen copies that wait for a decision are let go.
        connection_.peerGone();
    }
}

void EngineServer::onSignal() {
    signalfd_siginfo info{};
    while (::read(signals_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
        clientGone_ = true;
        agents_.disarm();
        jobs_.cancelAll();
    }
}

void EngineServer::onNotification(const std::string& method, const Json& params) {
    if (method == "$/cancelRequest" && params.is_object() && params.contains("id")) {
        if (!agents_.cancelRequest(params["id"])) {
            jobs_.cancel(params["id"]);
        }
    }
}

void EngineServer::onRequest(const RequestId& id, const std::string& method, const Json& params) {
    // The JSON library reports a parameter of the wrong type by an exception; this is the boundary where it
    // ends.
    try {
        dispatch(id, method, params.is_null() ? Json::object() : params);
    } catch (const Json::exception& error) {
        connection_.respondProtocolError(id, kInvalidParams,
                                         std::string("A parameter of ") + method +
                                             " has the wrong type: " + error.what());
    }
}

void EngineServer::dispatch(const RequestId& id, const std::string& method, const Json& params) {
    if (method == "engine/hello") {
        answer(id, engineHello());
    } else if (method == "process/inspect") {
        answer(id, processInspect(params));
    } else if (method == "capture/take") {
        startCapture(id, params);
    } else if (method == "census/take") {
        startCensus(id, params);
    } else if (method == "dump/inspect") {
        startWorker(id, params, [params](const auto&) { return dumpInspect(params); });
    } else if (method == "heap/graph") {
        startWorker(id, params, [params](const auto&) { return heapGraph(params); });
    } else if (method == "dump/unpack") {
        startWorker(id, params, [params](const auto& progress) {
            return dumpUnpack(params, progress, &cancellationFlag());
        });
    } else if (method == "agents/arm") {
        answer(id, agents_.arm(params));
    } else if (method == "agents/disarm") {
        answer(id, agents_.disarm());
    } else if (method == "agents/attachPayload") {
        answer(id, agents_.attachPayload());
    } else if (method == "agents/collect") {
        agents_.collect(id, params);
    } else if (method == "agents/sample") {
        agents_.sample(id, params);
    } else {
        connection_.respondProtocolError(id, kMethodNotFound, "The engine has no method '" + method + "'.");
    }
}

void EngineServer::answer(const RequestId& id, const Result<Json>& result) {
    if (result) {
        connection_.respond(id, *result);
    } else {
        connection_.respondError(id, result.error());
    }
}

void EngineServer::sendProgress(const Json& params, const Json& value) {
    if (params.contains("progressToken")) {
        connection_.notify("$/progress", {{"token", params["progressToken"]}, {"value", value}});
    }
}

void EngineServer::startCapture(const RequestId& id, const Json& params) {
    auto request = parseCaptureRequest(params);
    if (!request) {
        connection_.respondError(id, request.error());
        return;
    }
    startFreezing(id, params, request->pid,
                  [&](LineChannel& channel) { return runCaptureProcess(*request, channel); });
}

void EngineServer::startCensus(const RequestId& id, const Json& params) {
    auto request = parseCensusRequest(params);
    if (!request) {
        connection_.respondError(id, request.error());
        return;
    }
    request->engineVersion = engineVersion();
    const auto status = readProcessStatus(request->pid);
    const TypeMemory::Process process{request->pid, status ? status->startTime : 0};
    request->known = types_.of(process);
    startFreezing(
        id, params, request->pid, [&](LineChannel& channel) { return runCensusProcess(*request, channel); },
        [this, process](const Json& message) {
            if (message.value("event", "") == "types" && process.startTime != 0) {
                types_.learn(process, message);
            }
        });
}

void EngineServer::startFreezing(const RequestId& id, const Json& params, pid_t pid,
                                 const ChildProcess::Body& body, std::function<void(const Json&)> onOther) {
    startJob(
        id, params, body,
        [pid](const std::string& death) {
            return Error{ErrorCode::Internal, "Capturing process " + std::to_string(pid),
                         "the capture process ended with " + death, "", 0};
        },
        std::move(onOther));
}

void EngineServer::startWorker(const RequestId& id, const Json& params,
                               std::function<Result<Json>(const std::function<void(const Json&)>&)> work) {
    startJob(
        id, params,
        [&](LineChannel& channel) {
            Result<Json> result =
                fail({ErrorCode::InvalidArgument, "Reading the parameters", "one has the wrong type", "", 0});
            try {
                result = work([&](const Json& value) {
                    channel.send({{"event", "progress"}, {"value", value}});
                });
            } catch (const Json::exception&) {
                // keeps the error above
            }
            channel.send(result ? Json{{"event", "result"}, {"result", *result}}
                                : Json{{"event", "error"}, {"error", errorToJson(result.error())}});
            return 0;
        },
        [](const std::string& death) {
            return Error{ErrorCode::Internal, "Working on the request", "the worker ended with " + death, "",
                         0};
        });
}

void EngineServer::startJob(const RequestId& id, const Json& params, const ChildProcess::Body& body,
                            std::function<Error(const std::string& death)> died,
                            std::function<void(const Json&)> onOther) {
    auto process = ChildProcess::start(body, ChildProcess::OnParentDeath::Terminate);
    if (!process) {
        connection_.respondError(id, process.error());
        return;
    }
    auto job = std::make_unique<Job>();
    job->process = std::move(*process);
    job->requestId = id;
    job->onMessage = [this, id, params, onOther = std::move(onOther)](const Json& message) {
        const std::string event = message.value("event", "");
        if (event == "progress") {
            sendProgress(params, message["value"]);
        } else if (event == "resumed") {
            Json value = message;
            value.erase("event");
            value["phase"] = "resumed";
            sendProgress(params, value);
        } else if (event == "result") {
            connection_.respond(id, message["result"]);
            return true;
        } else if (event == "error") {
            connection_.respondError(id, errorFromJson(message["error"]));
            return true;
        } else if (onOther) {
            onOther(message);
        }
        return false;
    };
    job->onDeath = [this, id, died = std::move(died)](const std::string& death) {
        connection_.respondError(id, died(death));
    };
    jobs_.add(std::move(job));
}

} // namespace firstchance
