#include "base/json_text.h"

#include <nlohmann/json.hpp>

namespace firstchance {

std::string jsonText(const nlohmann::json& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

nlohmann::json parseJson(std::string_view text) {
    return nlohmann::json::parse(text, nullptr, false);
}

} // namespace firstchance
