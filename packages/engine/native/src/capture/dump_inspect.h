#pragma once

#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include "base/result.h"

namespace firstchance {

//! \brief `dump/inspect`: what is in a core. The DAC may crash on a damaged core, so callers run this in a
//! process of its own (inspectDumpGuarded).
[[nodiscard]] Result<nlohmann::json> inspectDump(const std::string& file, bool stacks, bool topTypes);

//! \brief The same in a forked worker with a watchdog: a crash of the DAC becomes an error.
[[nodiscard]] Result<nlohmann::json> inspectDumpGuarded(const std::string& file, bool stacks, bool topTypes);

//! \brief Runs \p read in a process of its own, because the debugging library may crash on a damaged dump,
//! and passes on what it answers.
[[nodiscard]] Result<nlohmann::json> readDumpGuarded(const std::string& file,
                                                     const std::function<Result<nlohmann::json>()>& read);

} // namespace firstchance
