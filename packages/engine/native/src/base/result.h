#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace firstchance {

//! \brief Why an operation could not be done. The names on the wire are in error.cpp; they are part of the
//! RPC.
enum class ErrorCode {
    NoSuchProcess,
    NotDotNet,
    PermissionDenied,
    AlreadyTraced,
    TargetGone,
    StopTimeout,
    CloneRefused,
    DacMissing,
    DacFailed,
    OutputNotWritable,
    DiskFull,
    CorruptDump,
    Unsupported,
    Cancelled,
    DeadlineExceeded,
    InvalidArgument,
    Internal,
};

//! \brief An expected failure as a value: what was tried, what the system answered, what the user can do.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string what;    //!< what was tried, on which process or file
    std::string why;     //!< what the system answered
    std::string cure;    //!< what the user can do; may be empty
    int systemError = 0; //!< errno, 0 when the failure did not come from a system call
};

//! \brief The value, or the reason there is none. Broken promises of our own abort instead.
template <class T> using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

//! \brief An error from a system call: \p systemError is errno as it was right after the call.
[[nodiscard]] tl::unexpected<Error> failSystem(ErrorCode code, std::string what, int systemError,
                                               std::string cure = {});

//! \brief The code's name on the wire, e.g. "permission-denied".
[[nodiscard]] const char* errorCodeName(ErrorCode code);

//! \brief One sentence for logs: "what: why. cure".
[[nodiscard]] std::string describe(const Error& error);

} // namespace firstchance
