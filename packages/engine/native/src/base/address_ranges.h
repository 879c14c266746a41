#pragma once

#include <vector>

#include "base/address.h"

namespace firstchance {

//! \brief Sorts \p ranges by address and joins those that overlap or adjoin; drops empty ones.
void joinRanges(std::vector<AddressRange>& ranges);

} // namespace firstchance
