#include "base/result.h"

#include <system_error>

namespace firstchance {

tl::unexpected<Error> failSystem(ErrorCode code, std::string what, int systemError, std::string cure) {
    // std::generic_category is used instead of strerror because it is safe from several threads.
    return fail(
        {code, std::move(what), std::generic_category().message(systemError), std::move(cure), systemError});
}

const char* errorCodeName(ErrorCode code) {
    switch (code) {
    case ErrorCode::NoSuchProcess: return "no-such-process";
    case ErrorCode::NotDotNet: return "not-dotnet";
    case ErrorCode::PermissionDenied: return "permission-denied";
    case ErrorCode::AlreadyTraced: return "already-traced";
    case ErrorCode::TargetGone: return "target-gone";
    case ErrorCode::StopTimeout: return "stop-timeout";
    case ErrorCode::CloneRefused: return "clone-refused";
    case ErrorCode::DacMissing: return "dac-missing";
    case ErrorCode::DacFailed: return "dac-failed";
    case ErrorCode::OutputNotWritable: return "output-not-writable";
    case ErrorCode::DiskFull: return "disk-full";
    case ErrorCode::CorruptDump: return "corrupt-dump";
    case ErrorCode::Unsupported: return "unsupported";
    case ErrorCode::Cancelled: return "cancelled";
    case ErrorCode::DeadlineExceeded: return "deadline-exceeded";
    case ErrorCode::InvalidArgument: return "invalid-argument";
    case ErrorCode::Internal: return "internal";
    }
    return "internal";
}

std::string describe(const Error& error) {
    std::string text = error.what;
    if (!error.why.empty()) {
        text += ": " + error.why;
    }
    if (!error.cure.empty()) {
        text += ". " + error.cure;
    }
    return text;
}

} // namespace firstchance
