#include "capture/worker_supervisor.h"

#include <chrono>

#include "capture/worker.h"

namespace firstchance {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

namespace {

//! \brief Longest silence of a worker that is inside the DAC. Reading a heap of many GB reports nothing for a
//! while.
constexpr std::chrono::seconds kInspectLimit{60};
//! \brief Longest silence of a worker that writes: a stuck disk, not a slow one (progress comes every few
//! MB).
constexpr std::chrono::seconds kWriteLimit{120};

double milliseconds(Clock::duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

void takeNotes(const Json& message, WorkerOutcome& outcome) {
    for (const Json& note : message.value("notes", Json::array())) {
        outcome.notes.push_back(note.get<std::string>());
    }
}

//! \brief Handles one message; true when it was the last.
bool handle(const Json& message, WorkerOutcome& outcome, LineChannel& engine) {
    const std::string event = message.value("event", "");
    if (event == "progress") {
        engine.send(message);
    } else if (event == "facts") {
        // A second worker without the DAC knows nothing of what the first may have told before it died.
        if (message.value("dac", false) || outcome.facts.empty()) {
            outcome.facts = message;
        }
        takeNotes(message, outcome);
    } else if (event == "written") {
        outcome.dump = message["dump"];
        takeNotes(message, outcome);
        return true;
    } else if (event == "error") {
        outcome.error = errorFromJson(message["error"]);
        return true;
    }
    return false;
}

WorkerEnd runOnce(const ProcessImage& image, const CaptureRequest& request, DacUse dacUse,
                  LineChannel& engine, WorkerOutcome& outcome) {
    const auto start = Clock::now();
    auto factsAt = start;
    const auto end =
        runWorkerProcess([&](LineChannel& channel) { return runWorker(image, request, dacUse, channel); },
                         [&](const Json& message) {
                             if (message.value("event", "") == "facts") {
                                 factsAt = Clock::now();
                                 outcome.inspectMs += milliseconds(factsAt - start);
                             }
                             const bool last = handle(message, outcome, engine);
                             outcome.writeMs = milliseconds(Clock::now() - factsAt);
                             return last;
                         },
                         [&] { return factsAt == start ? kInspectLimit : kWriteLimit; });
    if (!end) {
        outcome.error = end.error();
        return {true, ""};
    }
    return *end;
}

} // namespace

Result<WorkerEnd> runWorkerProcess(const ChildProcess::Body& body,
                                   const std::function<bool(const Json&)>& onMessage,
                                   const std::function<std::chrono::seconds()>& silenceLimit) {
    auto child = ChildProcess::start(body, ChildProcess::OnParentDeath::Kill);
    if (!child) {
        return fail(child.error());
    }
    LineChannel& channel = (*child)->channel();
    auto lastHeard = Clock::now();
    while (true) {
        const auto message = channel.receive(std::chrono::seconds(1));
        const auto now = Clock::now();
        if (message && message->is_object()) {
            lastHeard = now;
            if (onMessage(*message)) {
                return WorkerEnd{true, ""};
            }
        }
        if (channel.closed()) {
            return WorkerEnd{false, describeWaitStatus((*child)->wait())};
        }
        if (cancellationFlag()) {
            return WorkerEnd{true, ""}; // ~ChildProcess ends the worker; the caller sees the flag
        }
        if (!message && now - lastHeard > silenceLimit()) {
            (*child)->kill();
            return WorkerEnd{
                false, "no answer for " +
                           std::to_string(static_cast<int>(milliseconds(now - lastHeard) / 1000)) + " s"};
        }
    }
}

WorkerOutcome superviseWorker(const ProcessImage& image, const CaptureRequest& request, LineChannel& engine) {
    WorkerOutcome outcome;
    engine.send({{"event", "progress"}, {"value", {{"phase", "inspect"}}}});
    const WorkerEnd first = runOnce(image, request, DacUse::Allowed, engine, outcome);
    if (first.finished) {
        return outcome;
    }
    outcome.notes.push_back("The worker that reads the runtime through its debugging library ended with " +
                            first.death + "; all private memory was kept instead.");
    const WorkerEnd second = runOnce(image, request, DacUse::Avoid, engine, outcome);
    if (!second.finished) {
        outcome.error =
            Error{ErrorCode::Internal, "Writing the dump of process " + std::to_string(request.pid),
                  "the worker ended with " + second.death,
                  "Please report this with the file that FIRSTCHANCE_LOG names.", 0};
    }
    return outcome;
}

} // namespace firstchance
