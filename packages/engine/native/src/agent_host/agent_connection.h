#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "agent_host/message_parser.h"
#include "base/unique_fd.h"

namespace firstchance {

//! \brief What the host knows of one agent that has connected.
struct AgentConnection {
    UniqueFd fd;
    pid_t pid = 0;
    bool saidHello = false;
    std::uint64_t askId = 0; //!< waits for an answer
    std::uint64_t askSequence = 0;
    std::vector<ReceivedSurvivors> survivors; //!< of a report under way
    std::vector<ReceivedNativeSurvivors> nativeSurvivors;
};

} // namespace firstchance
