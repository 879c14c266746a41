#pragma once

#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "firstchance.h"

namespace firstchance {

//! \brief Calls a function of the C ABI whose last parameter takes the result; frees the result. The JSON is
//! discarded when the text is none.
template <class F, class... Arguments>
std::pair<fc_status, nlohmann::json> callC(F function, Arguments... arguments) {
    char* text = nullptr;
    const fc_status status = function(arguments..., &text);
    auto json = nlohmann::json::parse(text == nullptr ? "" : text, nullptr, false);
    fc_free(text);
    return {status, std::move(json)};
}

} // namespace firstchance
