#pragma once

#include <atomic>
#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include "base/result.h"

namespace firstchance {

//! \brief Does one request in an engine process of its own, which lies beside this library, and waits for the
//! answer.
//!
//! \p cancelled is looked at ten times a second; then the engine is asked to stop and its answer awaited.
[[nodiscard]] Result<nlohmann::json> callEngine(const std::string& method, nlohmann::json params,
                                                const std::function<void(const nlohmann::json&)>& progress,
                                                const std::atomic<bool>* cancelled);

} // namespace firstchance
