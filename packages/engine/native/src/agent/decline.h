#pragma once

#include "agent/patterns.h"

namespace firstchance::agent {

//! \brief Whether a process with this command line is build machinery that inherited our environment and not
//! a target.
//!
//! \p commandLine is the content of /proc/PID/cmdline: arguments, each ended by NUL. Declined are MSBuild,
//! the compilers and their servers, vstest.console, the data collector and the `dotnet` command itself
//! (`dotnet test`, `dotnet run`, …), not `dotnet app.dll`, `dotnet exec … testhost.dll`, test executables or
//! other programs; besides what one of \p globs matches as a whole, the arguments joined by single spaces.
[[nodiscard]] bool shouldDecline(Text commandLine, const PatternList& globs);

} // namespace firstchance::agent
