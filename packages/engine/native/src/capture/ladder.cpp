#include "capture/ladder.h"

namespace firstchance {
namespace {

std::vector<CaptureMethod> methodsFor(const std::string& wanted) {
    if (wanted == "clone") {
        return {CaptureMethod::Clone};
    }
    if (wanted == "copy") {
        return {CaptureMethod::Copy};
    }
    if (wanted == "stop") {
        return {CaptureMethod::Stop};
    }
    return {CaptureMethod::Clone, CaptureMethod::Copy, CaptureMethod::Stop};
}

//! \brief Whether another way of copying may succeed where this one failed.
bool anotherMethodMayWork(ErrorCode code) {
    switch (code) {
    case ErrorCode::CloneRefused:
    case ErrorCode::DeadlineExceeded:
    case ErrorCode::StopTimeout:
    case ErrorCode::Unsupported:
    case ErrorCode::Internal: return true;
    default: return false;
    }
}

} // namespace

Result<LadderResult> climbLadder(const SnapshotRequest& request, const SnapshotOptions& base) {
    LadderResult result;
    Error last;
    for (const CaptureMethod method : methodsFor(request.method)) {
        SnapshotOptions options = base;
        options.method = method;
        auto snapshot = takeSnapshot(request.pid, options);
        if (snapshot) {
            result.process = std::move(*snapshot);
            return result;
        }
        last = snapshot.error();
        if (!anotherMethodMayWork(last.code)) {
            return fail(last);
        }
        result.notes.push_back(std::string("The method '") + captureMethodName(method) +
                               "' did not work: " + describe(last));
    }
    return fail(last);
}

} // namespace firstchance
