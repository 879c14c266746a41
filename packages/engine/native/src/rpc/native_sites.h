#pragma once

#include <sys/types.h>

#include <span>

#include "agent_host/agent_events.h"
#include "rpc/connection.h"

namespace firstchance {

//! \brief Sites as the answer of `agents/sample` has them. Native code is named from the files that the
//! process has mapped, while it lives; what they do not name is told by its place in the file.
[[nodiscard]] Json nativeSitesJson(pid_t pid, std::span<const NativeSite> sites);

} // namespace firstchance
