#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace firstchance {

//! \brief What the agents watch for and how often they may ask. Patterns: docs/agent.md.
struct AgentFilter {
    bool firstChance = false; //!< ask when a matching exception is thrown
    bool unhandled = false;   //!< ask when the process is about to die of an exception, FailFast or a signal
    bool exit = false;        //!< ask when the runtime shuts down
    bool log = false;         //!< report every exception
    bool tests = false;       //!< report the tests of xunit as they start and end

    std::vector<std::string> include; //!< none: every exception
    std::vector<std::string> exclude;

    std::uint32_t perPlace =
        1; //!< asks per type and place of the throw in the session; 0: no limit, here and below
    std::uint32_t perType = 3;
    std::uint32_t perTest = 0;
    std::uint32_t perSession = 10;
    std::uint32_t timeoutMs = 2000; //!< how long a thread waits for the answer

    std::vector<std::string>
        decline; //!< globs on the whole command line, beside the build tools that always decline
};

} // namespace firstchance
