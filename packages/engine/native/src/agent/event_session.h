#pragma once

#include <atomic>

#include "agent/clr_api.h"

namespace firstchance::agent {

//! \brief Starts an EventPipe session on one provider whose events come to the profiler's
//! EventPipeEventDelivered. 0 on failure.
[[nodiscard]] std::uint64_t startEventSession(void* profilerInfo, const Utf16* provider,
                                              std::uint64_t keywords, std::uint32_t level);
void stopEventSession(void* profilerInfo, std::uint64_t session);

//! \brief Whether \p provider is the one of this \p name (with its NUL); \p known remembers it.
[[nodiscard]] bool isEventProvider(void* profilerInfo, std::uintptr_t provider, const Utf16* name,
                                   std::atomic<std::uintptr_t>& known);

} // namespace firstchance::agent
