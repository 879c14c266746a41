#pragma once

#include <sys/types.h>

#include "agent/deadline.h"
#include "agent/message_codec.h"
#include "agent/protocol.h"

namespace firstchance::agent {

enum class AskOutcome {
    Captured,
    Refused,  //!< the engine answered that it took no snapshot
    NoEngine, //!< nobody listens, or the engine died while we waited
    TimedOut,
};

//! \brief Begins a message: magic and kind.
[[nodiscard]] MessageWriter beginMessage(unsigned char* buffer, std::size_t capacity, MessageKind kind);

//! \brief Connects to the engine, at the latest at \p deadline, and permits it to trace this process (yama).
//! -1 when nobody listens. The descriptor does not block.
[[nodiscard]] int connectToEngine(const char* socketPath, const Deadline& deadline);

//! \brief Sends one packet, waiting for room until \p deadline. Async-signal-safe.
[[nodiscard]] bool sendMessage(int fd, const MessageWriter& message, const Deadline& deadline);

//! \brief Sends an Ask over a connection of its own and waits for the answer to \p sequence.
//! Async-signal-safe: no memory is allocated, no lock is taken.
[[nodiscard]] AskOutcome askEngine(const char* socketPath, const MessageWriter& ask, std::uint64_t sequence,
                                   const Deadline& deadline);

} // namespace firstchance::agent
