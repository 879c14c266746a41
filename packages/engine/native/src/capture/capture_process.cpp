#include "capture/capture_process.h"

#include <unistd.h>

#include <chrono>

#include "capture/child_process.h"
#include "capture/facts.h"
#include "capture/gc_probe.h"
#include "capture/ladder.h"
#include "capture/target_lock.h"
#include "capture/worker_supervisor.h"
#include "linux/command_line.h"

namespace firstchance {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

namespace {

//! \brief How long a frozen copy is held for an answer: the session decides in milliseconds unless it is
//! gone.
constexpr std::chrono::seconds kDecisionLimit{30};

double millisecondsSince(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

const char* gcStateName(GcState state) {
    switch (state) {
    case GcState::Idle: return "idle";
    case GcState::InProgress: return "in-progress";
    case GcState::Unknown: return "unknown";
    }
    return "unknown";
}

int sendError(LineChannel& engine, const Error& error) {
    engine.send({{"event", "error"}, {"error", errorToJson(error)}});
    return 1;
}

Error cancelledError(const CaptureRequest& request) {
    return {ErrorCode::Cancelled, "Capturing process " + std::to_string(request.pid),
            "the capture was cancelled", "", 0};
}

//! \brief Waits for the engine's word on a snapshot that was taken before anybody decided what to do with it.
//! Nothing: drop it.
Result<std::optional<KeepDecision>> awaitDecision(LineChannel& engine) {
    const auto end = Clock::now() + kDecisionLimit;
    while (!cancellationFlag() && !engine.closed() && Clock::now() < end) {
        const auto message = engine.receive(std::chrono::milliseconds(500));
        if (!message || !message->is_object()) {
            continue;
        }
        if (message->value("command", "") != "keep") {
            return std::optional<KeepDecision>();
        }
        auto decision = parseKeepDecision(*message);
        if (!decision) {
            return fail(decision.error());
        }
        return std::optional(std::move(*decision));
    }
    return std::optional<KeepDecision>();
}

Result<void> releaseInTurn(const CaptureRequest& request, FrozenProcess& process) {
    const TargetLock turn(request.pid);
    return process.release();
}

//! \brief A dump that was finished in the very moment of the cancellation: nobody will look for it.
void removeDump(const CaptureRequest& request, const WorkerOutcome& outcome) {
    if (outcome.dump.is_object()) {
        ::unlink((request.keep->folder + "/" + outcome.dump.value("file", "")).c_str());
    }
}

Json describeProcess(const CaptureRequest& request, const FrozenProcess& process, const Json& runtime) {
    const auto commandLine = readCommandLine(request.pid);
    return {{"name", process.commandName()},
            {"commandLine", commandLine ? Json(*commandLine) : Json::array()},
            {"runtime", runtime.value("version", "")},
            {"runtimeKind", runtime.value("kind", "")},
            {"architecture", architectureName()}};
}

//! \brief The DAC, asked afterwards on the frozen copy, knows for certain what the poll could only see if the
//! counter's address was known.
std::string finalGcState(const FrozenProcess& process, const Json& gcValid) {
    if (gcValid.is_boolean()) {
        return gcValid.get<bool>() ? "idle" : "in-progress";
    }
    return gcStateName(process.gcState());
}

Json buildResult(const CaptureRequest& request, const FrozenProcess& process, const WorkerOutcome& outcome,
                 std::vector<std::string> notes, double durationMs) {
    const SnapshotTimings& t = process.timings();
    const Json& facts = outcome.facts;
    notes.insert(notes.end(), outcome.notes.begin(), outcome.notes.end());
    return {{"pid", request.pid},
            {"process", describeProcess(request, process, facts.value("runtime", Json::object()))},
            {"pauseMs", t.pauseMs},
            {"captureMethod", captureMethodName(process.method())},
            {"gc", finalGcState(process, facts.value("gcValid", Json()))},
            {"gcRetries", t.gcRetries},
            {"durationMs", durationMs},
            {"timings",
             {{"stopMs", t.stopMs},
              {"cloneMs", t.cloneMs},
              {"sharedCopyMs", t.sharedCopyMs},
              {"detachMs", t.detachMs},
              {"runningPauseMs", t.runningPauseMs},
              {"retryPauseMs", t.retryPauseMs},
              {"windowMs", t.windowMs},
              {"pauseBeginNs", t.pauseBeginNs},
              {"pauseEndNs", t.pauseEndNs},
              {"inspectMs", outcome.inspectMs},
              {"writeMs", outcome.writeMs}}},
            {"exception", facts.value("exception", Json())},
            {"threads", facts.value("threads", Json::array())},
            {"awaiting", facts.value("awaiting", Json::array())},
            {"topTypes", facts.value("topTypes", Json())},
            {"modules", facts.value("modules", Json::array())},
            {"dump", outcome.dump},
            {"notes", notes}};
}

} // namespace

int runCaptureProcess(CaptureRequest request, LineChannel& engine) {
    const auto start = Clock::now();
    engine.send({{"event", "progress"}, {"value", {{"phase", "prepare"}}}});
    if (!request.throwing && request.gcCounter.isNull()) {
        request.gcCounter = probeGcCounter(request.pid);
    }
    SnapshotOptions options;
    options.gcCounter = request.gcCounter;
    options.gcRetryBudget = request.gcRetry;
    options.cancelled = &cancellationFlag();
    auto taken = [&] {
        const TargetLock turn(request.pid);
        return climbLadder(request, options);
    }();
    if (!taken) {
        return sendError(engine, taken.error());
    }
    FrozenProcess& process = *taken->process;
    // The answer to a waiting agent is the first thing after the pause; a stopped target cannot run on the
    // answer anyway, but its throwing thread must not time out later.
    engine.send({{"event", "resumed"},
                 {"pauseMs", process.timings().pauseMs},
                 {"captureMethod", captureMethodName(process.method())},
                 {"gc", gcStateName(process.gcState())}});

    if (!request.keep) {
        auto decision = awaitDecision(engine);
        if (!decision) {
            return sendError(engine, decision.error());
        }
        if (!*decision) {
            static_cast<void>(releaseInTurn(request, process));
            engine.send({{"event", "dropped"}});
            return 0;
        }
        request.keep = std::move(**decision);
    }
    const WorkerOutcome outcome = superviseWorker(process, request, engine);
    const auto released = releaseInTurn(request, process);
    if (cancellationFlag()) {
        removeDump(request, outcome);
        return sendError(engine, cancelledError(request));
    }
    if (outcome.error) {
        return sendError(engine, *outcome.error);
    }
    std::vector<std::string> notes = taken->notes;
    if (!released) {
        notes.push_back(describe(released.error()));
    }
    engine.send({{"event", "result"},
                 {"result", buildResult(request, process, outcome, notes, millisecondsSince(start))}});
    return 0;
}

} // namespace firstchance
