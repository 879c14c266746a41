#include "capture/frozen_target.h"

#include "capture/child_process.h"
#include "capture/facts.h"
#include "capture/target_lock.h"
#include "linux/command_line.h"

namespace firstchance {

using Json = nlohmann::json;

namespace {

const char* gcStateName(GcState state) {
    switch (state) {
    case GcState::Idle: return "idle";
    case GcState::InProgress: return "in-progress";
    case GcState::Unknown: return "unknown";
    }
    return "unknown";
}

Json describeProcess(const SnapshotRequest& request, const FrozenProcess& process, const Json& runtime) {
    const auto commandLine = readCommandLine(request.pid);
    return {{"name", process.commandName()},
            {"commandLine", commandLine ? Json(*commandLine) : Json::array()},
            {"runtime", runtime.value("version", "")},
            {"runtimeKind", runtime.value("kind", "")},
            {"architecture", architectureName()}};
}

std::string finalGcState(const FrozenProcess& process, const Json& gcValid) {
    if (gcValid.is_boolean()) {
        return gcValid.get<bool>() ? "idle" : "in-progress";
    }
    return gcStateName(process.gcState());
}

} // namespace

Result<LadderResult> freezeTarget(const SnapshotRequest& request, LineChannel& engine,
                                  std::function<void()> whileStopped) {
    SnapshotOptions options;
    options.gcCounter = request.gcCounter;
    options.gcRetryBudget = request.gcRetry;
    options.cancelled = &cancellationFlag();
    options.whileStopped = std::move(whileStopped);
    auto taken = [&] {
        const TargetLock turn(request.pid);
        return climbLadder(request, options);
    }();
    if (taken) {
        // The answer to a waiting agent is the first thing after the pause; a stopped target cannot run on
        // the answer anyway, but its throwing thread must not time out later.
        const FrozenProcess& process = *taken->process;
        engine.send({{"event", "resumed"},
                     {"pauseMs", process.timings().pauseMs},
                     {"captureMethod", captureMethodName(process.method())},
                     {"gc", gcStateName(process.gcState())}});
    }
    return taken;
}

Result<void> releaseInTurn(const SnapshotRequest& request, FrozenProcess& process) {
    const TargetLock turn(request.pid);
    return process.release();
}

Json frozenToJson(const SnapshotRequest& request, const FrozenProcess& process, const Json& runtime,
                  const Json& gcValid) {
    const SnapshotTimings& t = process.timings();
    return {{"pid", request.pid},
            {"process", describeProcess(request, process, runtime)},
            {"pauseMs", t.pauseMs},
            {"captureMethod", captureMethodName(process.method())},
            {"gc", finalGcState(process, gcValid)},
            {"gcRetries", t.gcRetries},
            {"timings",
             {{"prepareMs", t.prepareMs},
              {"stopMs", t.stopMs},
              {"cloneMs", t.cloneMs},
              {"sharedCopyMs", t.sharedCopyMs},
              {"detachMs", t.detachMs},
              {"runningPauseMs", t.runningPauseMs},
              {"retryPauseMs", t.retryPauseMs},
              {"windowMs", t.windowMs},
              {"pauseBeginNs", t.pauseBeginNs},
              {"pauseEndNs", t.pauseEndNs}}}};
}

Error cancelledError(const char* doing, const SnapshotRequest& request) {
    return {ErrorCode::Cancelled, std::string(doing) + " process " + std::to_string(request.pid),
            "it was cancelled", "", 0};
}

int sendError(LineChannel& engine, const Error& error) {
    engine.send({{"event", "error"}, {"error", errorToJson(error)}});
    return 1;
}

} // namespace firstchance
