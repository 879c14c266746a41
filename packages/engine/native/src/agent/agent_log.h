#pragma once

namespace firstchance::agent {

//! \brief Opens the file that FIRSTCHANCE_LOG names, if any. Never more than one line per write, so that
//! processes may share it. The agent never writes to the target's own streams.
void openLog();

//! \brief One line, at most 480 bytes, with the process id before it; nothing when no log is open. Keeps
//! errno.
void logLine(const char* format, ...) __attribute__((format(printf, 1, 2)));

} // namespace firstchance::agent
