#include "rpc/agent_captures.h"

#include <algorithm>

#include "capture/capture_process.h"
#include "capture/facts.h"
#include "rpc/agent_filter_json.h"

namespace firstchance {
namespace {

using Clock = std::chrono::steady_clock;

Json exceptionOf(const AgentAsk& ask) {
    if (ask.type.empty()) {
        return nullptr;
    }
    Json frames = Json::array();
    for (const auto& frame : ask.frames) {
        frames.push_back({{"module", frame.moduleName}, {"token", frame.token}});
    }
    return {{"type", ask.type},
            {"message", ask.message ? Json(*ask.message) : Json()},
            {"hresult", ask.hresult},
            {"address", hexAddress(Address(ask.objectAddress))},
            {"frames", std::move(frames)}};
}

Json describeAsk(const AgentAsk& ask, const std::string& token) {
    return {{"captureToken", token},
            {"pid", ask.pid},
            {"threadId", ask.tid},
            {"trigger", {{"kind", ask.trigger}, {"detail", ask.detail}}},
            {"exception", exceptionOf(ask)},
            {"test",
             ask.testName.empty() ? Json() : Json{{"name", ask.testName}, {"candidates", ask.candidates}}}};
}

CaptureRequest requestFor(const AgentAsk& ask, bool crowded) {
    CaptureRequest request;
    request.crowded = crowded;
    request.pid = ask.pid;
    request.threadId = ask.tid;
    request.exception = Address(ask.objectAddress);
    // A thread in ExceptionThrown is in cooperative mode: no collection can be between its phases, so the
    // counter needs no poll. At a crash or at exit it may.
    request.throwing = ask.trigger == "first-chance";
    return request;
}

} // namespace

Result<Json> AgentCaptures::arm(const Json& params) {
    auto setup = parseAgentSetup(params);
    if (!setup) {
        return fail(setup.error());
    }
    maxFrozen_ = setup->maxFrozen;
    timeout_ = std::chrono::milliseconds(setup->filter.timeoutMs);
    if (host_) {
        if (const auto updated = host_->update(setup->filter); !updated) {
            return fail(updated.error());
        }
        return Json::object();
    }
    auto host = AgentHost::open(setup->controlPath, setup->socketPath, setup->filter, callbacks());
    if (!host) {
        return fail(host.error());
    }
    host_ = std::move(*host);
    return Json::object();
}

Result<Json> AgentCaptures::disarm() {
    if (!host_) {
        return Json{{"matched", 0}, {"captured", 0}, {"skipped", 0}, {"dropped", 0}};
    }
    while (!waiting_.empty()) {
        refuse(waiting_.front().ask, "disarmed");
        waiting_.pop_front();
    }
    requests_.failAll();
    const auto totals = host_->totals();
    host_.reset();
    return Json{{"matched", totals.matched},
                {"captured", totals.captured},
                {"skipped", totals.skipped},
                {"dropped", totals.dropped}};
}

Result<Json> AgentCaptures::attachPayload() const {
    if (!host_) {
        return fail(
            {ErrorCode::InvalidArgument, "Preparing to attach the agent", "no filter is armed yet", "", 0});
    }
    return attachPayloadToJson(*host_);
}

void AgentCaptures::appendPollFds(std::vector<pollfd>& fds) const {
    if (host_) {
        host_->appendPollFds(fds);
    }
}

int AgentCaptures::pollTimeout() const {
    auto next = requests_.nextExpiry();
    if (!waiting_.empty() && (!next || waiting_.front().until < *next)) {
        next = waiting_.front().until;
    }
    if (!next) {
        return -1;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(*next - Clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count() + 1, 0));
}

void AgentCaptures::dispatch(std::span<const pollfd> fds) {
    if (host_) {
        host_->dispatch(fds);
    }
    while (!waiting_.empty() && waiting_.front().until <= Clock::now()) {
        refuse(waiting_.front().ask, "busy");
        waiting_.pop_front();
        crowded_ = true;
    }
    requests_.expire();
}

AgentHost::Callbacks AgentCaptures::callbacks() {
    AgentHost::Callbacks callbacks;
    callbacks.connected = [this](const AgentConnected& agent) {
        connection_.notify("agents/connected",
                           {{"pid", agent.pid}, {"runtime", agent.runtime}, {"how", agent.how}});
    };
    callbacks.disconnected = [this](pid_t pid) {
        requests_.onDisconnected(pid);
        connection_.notify("agents/disconnected", {{"pid", pid}});
    };
    callbacks.collected = [this](const AgentCollected& outcome) { collections_.onCollected(outcome); };
    callbacks.sampled = [this](const AgentSampled& outcome) { sampling_.onSampled(outcome); };
    callbacks.exception = [this](const AgentException& e) {
        connection_.notify("agents/exception", {{"pid", e.pid},
                                                {"threadId", e.tid},
                                                {"type", e.type},
                                                {"message", e.message ? Json(*e.message) : Json()},
                                                {"rethrow", e.rethrow},
                                                {"matched", e.matched}});
    };
    callbacks.test = [this](const AgentTest& t) {
        connection_.notify("agents/test",
                           {{"pid", t.pid}, {"threadId", t.tid}, {"state", t.state}, {"name", t.name}});
    };
    callbacks.skipped = [this](const AgentSkipped& s) {
        connection_.notify("agents/skipped",
                           {{"pid", s.pid}, {"type", s.type}, {"why", s.why}, {"count", s.count}});
    };
    callbacks.ask = [this](const AgentAsk& ask) { onAsk(ask); };
    return callbacks;
}

void AgentCaptures::onAsk(const AgentAsk& ask) {
    if (frozen_ < maxFrozen_) {
        start(ask);
        return;
    }
    // Every frozen copy holds the pages the target has changed since: so only a few live at a time. The
    // throwing thread waits for its turn, but not so long that its agent takes us for dead: it would never
    // ask again. Once nothing became free in time, those that come after do not wait until something does.
    if (crowded_) {
        refuse(ask, "busy");
        return;
    }
    waiting_.push_back({ask, Clock::now() + timeout_ * 3 / 4});
}

void AgentCaptures::startWaiting() {
    while (!waiting_.empty() && frozen_ < maxFrozen_) {
        const WaitingAsk next = waiting_.front();
        waiting_.pop_front();
        if (next.until <= Clock::now()) {
            refuse(next.ask, "busy");
        } else {
            start(next.ask);
        }
    }
}

void AgentCaptures::refuse(const AgentAsk& ask, const char* why) {
    if (host_) {
        host_->answer(ask.askId, false);
    }
    connection_.notify("agents/skipped", {{"pid", ask.pid}, {"type", ask.type}, {"why", why}, {"count", 1}});
}

void AgentCaptures::start(const AgentAsk& ask) {
    const CaptureRequest request = requestFor(ask, frozen_ > 0);
    auto process =
        ChildProcess::start([&](LineChannel& channel) { return runCaptureProcess(request, channel); },
                            ChildProcess::OnParentDeath::Terminate);
    const std::string token = "agent-" + std::to_string(nextToken_++);
    if (!process) {
        if (host_) {
            host_->answer(ask.askId, false);
        }
        Json failed = describeAsk(ask, token);
        failed["error"] = errorToJson(process.error());
        connection_.notify("capture/done", failed);
        return;
    }
    ++frozen_;
    auto job = std::make_unique<Job>();
    job->process = std::move(*process);
    job->name = token;
    job->onMessage = [this, ask, token](const Json& message) { return onMessage(ask, token, message); };
    job->onDeath = [this, ask, token](const std::string& death) {
        onMessage(ask, token,
                  {{"event", "error"},
                   {"error", errorToJson({ErrorCode::Internal, "Capturing process " + std::to_string(ask.pid),
                                          "the capture process ended with " + death, "", 0})}});
    };
    jobs_.add(std::move(job));
}

bool AgentCaptures::onMessage(const AgentAsk& ask, const std::string& token, const Json& message) {
    const std::string event = message.value("event", "");
    if (event == "resumed") {
        if (host_) {
            host_->answer(ask.askId, true);
        }
        decide(ask, token, message);
        return false;
    }
    if (event == "progress") {
        connection_.notify("capture/progress", {{"captureToken", token}, {"value", message["value"]}});
        return false;
    }
    Json done = describeAsk(ask, token);
    if (event == "result") {
        done["result"] = message["result"];
    } else if (event == "error") {
        if (host_) {
            host_->answer(ask.askId, false); // nothing happens when it was answered already
        }
        done["error"] = message["error"];
    }
    if (event != "dropped") {
        connection_.notify("capture/done", done);
    }
    --frozen_;
    crowded_ = false;
    startWaiting();
    return true;
}

void AgentCaptures::decide(const AgentAsk& ask, const std::string& token, const Json& resumed) {
    Json params = describeAsk(ask, token);
    params["pauseMs"] = resumed["pauseMs"];
    params["captureMethod"] = resumed["captureMethod"];
    params["gc"] = resumed["gc"];
    connection_.request("capture/decide", params, [this, token](const Result<Json>& answer) {
        Json command = {{"command", "drop"}};
        // Compared as JSON: a text of another type would be thrown for, and nobody above catches it.
        if (answer && answer->is_object() && answer->value("action", Json()) == "keep") {
            command = *answer;
            command["command"] = "keep";
        }
        for (const auto& job : jobs_.all()) {
            if (job->name == token) {
                job->process->channel().send(command);
            }
        }
    });
}

} // namespace firstchance
