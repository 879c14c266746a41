#include "capture/capture_process.h"

#include <unistd.h>

#include <chrono>

#include "base/elapsed.h"
#include "capture/child_process.h"
#include "capture/frozen_target.h"
#include "capture/gc_probe.h"
#include "capture/worker_supervisor.h"

namespace firstchance {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

namespace {

//! \brief How long a frozen copy is held for an answer: the session decides in milliseconds unless it is
//! gone.
constexpr std::chrono::seconds kDecisionLimit{30};

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

//! \brief A dump that was finished in the very moment of the cancellation: nobody will look for it.
void removeDump(const CaptureRequest& request, const WorkerOutcome& outcome) {
    if (outcome.dump.is_object()) {
        ::unlink((request.keep->folder + "/" + outcome.dump.value("file", "")).c_str());
    }
}

Json buildResult(const CaptureRequest& request, const FrozenProcess& process, const WorkerOutcome& outcome,
                 std::vector<std::string> notes, double durationMs) {
    const Json& facts = outcome.facts;
    notes.insert(notes.end(), outcome.notes.begin(), outcome.notes.end());
    Json result = frozenToJson(request, process, facts.value("runtime", Json::object()),
                               facts.value("gcValid", Json()));
    result["durationMs"] = durationMs;
    result["timings"]["inspectMs"] = outcome.inspectMs;
    result["timings"]["writeMs"] = outcome.writeMs;
    for (const char* list : {"threads", "awaiting", "modules"}) {
        result[list] = facts.value(list, Json::array());
    }
    result["exception"] = facts.value("exception", Json());
    result["topTypes"] = facts.value("topTypes", Json());
    result["dump"] = outcome.dump;
    result["notes"] = notes;
    return result;
}

} // namespace

int runCaptureProcess(CaptureRequest request, LineChannel& engine) {
    const auto start = Clock::now();
    engine.send({{"event", "progress"}, {"value", {{"phase", "prepare"}}}});
    if (!request.throwing && request.gcCounter.isNull()) {
        request.gcCounter = probeGcCounter(request.pid);
    }
    auto taken = freezeTarget(request, engine);
    if (!taken) {
        return sendError(engine, taken.error());
    }
    FrozenProcess& process = *taken->process;

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
        return sendError(engine, cancelledError("Capturing", request));
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
