#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "base/result.h"

namespace firstchance {

//! \brief `heap/graph`: the heap file of a core, as {bytes, objects, references, complete, why, notes}.
//! Unsupported when the core does not hold the managed heap. The debugging library runs in a process of its
//! own.
[[nodiscard]] Result<nlohmann::json> graphOfDump(const std::string& file, const std::string& output,
                                                 bool dominators, const std::string& engineVersion);

} // namespace firstchance
