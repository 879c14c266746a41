//! \file
//! \brief JSON to text and back, compiled once: the library is all templates, and a file that parses takes
//! seconds more.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace firstchance {

//! \brief On one line. What is no UTF-8 (names of files, command lines) is replaced: hostile bytes must not
//! end the engine.
std::string jsonText(const nlohmann::json& json);

//! \brief Discarded (`is_discarded()`) when it is no JSON; never throws for it.
nlohmann::json parseJson(std::string_view text);

} // namespace firstchance
