#pragma once

#include "agent/clr_api.h"

namespace firstchance::agent {

//! \brief The agent's ICorProfilerCallback11 object; one for all.
[[nodiscard]] void* profilerCallback();
//! \brief Whether \p iid is IUnknown or one of ICorProfilerCallback to ICorProfilerCallback11.
[[nodiscard]] bool isProfilerCallback(const Guid& iid);

} // namespace firstchance::agent
