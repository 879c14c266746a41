#include "agent/agent_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

namespace firstchance::agent {
namespace {

int g_log = -1;

} // namespace

void openLog() {
    const char* path = ::getenv("FIRSTCHANCE_LOG");
    if (path != nullptr && path[0] != '\0' && g_log < 0) {
        g_log = ::open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    }
}

void logLine(const char* format, ...) {
    if (g_log < 0) {
        return;
    }
    const int keptErrno = errno;
    char line[512];
    int size = ::snprintf(line, sizeof line, "agent[%d] ", static_cast<int>(::getpid()));
    va_list arguments;
    va_start(arguments, format);
    const std::size_t room = sizeof line - static_cast<std::size_t>(size) - 1;
    const int more =
        ::vsnprintf(line + size, room, format, arguments); // NOLINT(clang-analyzer-valist*): just started
    va_end(arguments);
    size += more > 0 ? more : 0;
    const int last = static_cast<int>(sizeof line) - 2;
    size = size < last ? size : last;
    line[size] = '\n';
    while (::write(g_log, line, static_cast<std::size_t>(size) + 1) < 0 && errno == EINTR) {
    }
    errno = keptErrno;
}

} // namespace firstchance::agent
