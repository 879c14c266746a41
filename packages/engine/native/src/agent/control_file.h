#pragma once

#include "agent/control_layout.h"
#include "agent/patterns.h"

namespace firstchance::agent {

//! \brief Maps the control file, or returns null when there is none to trust: not a regular file, not ours,
//! writable by others, of another version. The mapping lives as long as the process.
[[nodiscard]] ControlLayout* mapControlFile(const char* path);

//! \brief The control file of the session that the environment names (`$FIRSTCHANCE_SESSION/.agent`), into \p
//! path.
[[nodiscard]] bool controlPathFromEnvironment(char* path, std::size_t capacity);

//! \brief A copy of the engine's filter that does not change.
struct Filter {
    std::uint32_t generation = 0;
    PatternList include;
    PatternList exclude;
    PatternList decline;
    char patterns[kMaxPatternBytes + 1] = {};
};

//! \brief Copies the filter as of one generation. False when the engine was writing all the time, or what it
//! wrote does not hold together.
[[nodiscard]] bool readFilter(const ControlLayout& control, Filter& filter);

} // namespace firstchance::agent
