#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "clr/exceptions.h"
#include "clr/modules.h"
#include "clr/stacks.h"
#include "heap/awaiting.h"
#include "heap/linear_census.h"

namespace firstchance {

//! \brief The JSON shapes of docs/engine-rpc.md, one function each.
[[nodiscard]] nlohmann::json framesToJson(const std::vector<ClrFrame>& frames);
[[nodiscard]] nlohmann::json exceptionToJson(const ClrException& exception);
[[nodiscard]] nlohmann::json threadToJson(const ClrThread& thread); //!< stack empty, exception null
[[nodiscard]] nlohmann::json moduleToJson(const ClrModule& module);
[[nodiscard]] nlohmann::json typesToJson(const std::vector<TypeTotal>& types, std::size_t limit);
[[nodiscard]] nlohmann::json awaitingToJson(const std::vector<AsyncNode>& nodes);

} // namespace firstchance
