#pragma once

#include <atomic>
#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include "base/result.h"

namespace firstchance {

//! \brief Reports on long work: {phase, doneBytes?, totalBytes?}.
using ProgressFunction = std::function<void(const nlohmann::json& value)>;

//! \brief The operations that only read files and running processes; they block. The engine runs the long
//! ones in a forked worker, the C ABI calls them as they are. Each takes and returns the JSON of
//! docs/engine-rpc.md.
[[nodiscard]] Result<nlohmann::json> engineHello();
[[nodiscard]] Result<nlohmann::json> processInspect(const nlohmann::json& params);
[[nodiscard]] Result<nlohmann::json> dumpInspect(const nlohmann::json& params);
[[nodiscard]] Result<nlohmann::json> heapGraph(const nlohmann::json& params);
[[nodiscard]] Result<nlohmann::json> dumpUnpack(const nlohmann::json& params,
                                                const ProgressFunction& progress,
                                                const std::atomic<bool>* cancelled);

//! \brief The engine's version, as in package.json.
[[nodiscard]] const char* engineVersion();

} // namespace firstchance
