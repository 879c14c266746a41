#pragma once

#include <string>
#include <string_view>

namespace firstchance {

//! \brief UTF-16 as .NET stores it, to UTF-8. Lone surrogates, which .NET strings may hold, become U+FFFD.
[[nodiscard]] std::string toUtf8(std::u16string_view text);

} // namespace firstchance
