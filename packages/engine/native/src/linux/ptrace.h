#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"

namespace firstchance::ptrace {

//! \brief Thin, typed wrappers of ptrace(2). errno of the failed call is the return value; 0 is success.
//!
//! All of them act for the calling thread, which must be the one that seized.
int seize(pid_t tid, std::uint64_t options);
int interrupt(pid_t tid);
int setOptions(pid_t tid, std::uint64_t options);
//! \brief Lets a stopped thread run on its own again, delivering \p signal if not 0.
int detach(pid_t tid, int signal);
//! \brief Resumes a stopped thread until its next stop; \p signal is delivered if not 0.
int resume(pid_t tid, int signal);
//! \brief Resumes a stopped thread until the next system call boundary.
int resumeToSystemCall(pid_t tid);
int getEventMessage(pid_t tid, unsigned long& message);
int getSignalMask(pid_t tid, std::uint64_t& mask);
int setSignalMask(pid_t tid, std::uint64_t mask);

//! \brief A register set by note type (NT_PRSTATUS, …); nothing when this machine has none of that kind.
std::optional<std::vector<std::byte>> getRegisterSet(pid_t tid, unsigned type, std::size_t capacity);
//! \brief All of a register set of known size; EINVAL when the thread's is another (a 32 bit program).
int getRegisterSet(pid_t tid, unsigned type, void* data, std::size_t size);
int setRegisterSet(pid_t tid, unsigned type, const void* data, std::size_t size);

//! \brief Why a thread stopped, from a wait status.
struct Stop {
    enum class Kind { Gone, EventStop, Clone, SystemCall, Signal, Other };
    Kind kind = Kind::Gone;
    int signal = 0; //!< Kind::Signal: the signal whose delivery was caught
};
[[nodiscard]] Stop decodeStatus(int status);

//! \brief Waits for the next stop of one thread. Retries on EINTR.
[[nodiscard]] Stop wait(pid_t tid);
//! \brief The same for at most \p timeoutMs; nothing when it passed.
[[nodiscard]] std::optional<Stop> waitFor(pid_t tid, int timeoutMs);

} // namespace firstchance::ptrace
