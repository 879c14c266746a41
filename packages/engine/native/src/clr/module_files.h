#pragma once

#include <string>
#include <string_view>

#include "base/address.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief Path of the file a module of the runtime was loaded from; empty for dynamic modules. Cached.
[[nodiscard]] std::string moduleFile(Dac& dac, Address module);

//! \brief The part after the last slash or, for paths a Windows compiler wrote, backslash.
[[nodiscard]] std::string fileName(std::string_view path);

} // namespace firstchance
