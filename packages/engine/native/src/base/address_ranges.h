#pragma once

#include <vector>

#include "base/address.h"

namespace firstchance {

//! \brief Sorts \p ranges by address and joins those that overlap or adjoin; drops empty ones.
void joinRanges(std::vector<AddressRange>& ranges);

//! \brief What of \p ranges does not lie in \p holes. Both are sorted and without overlap, as joinRanges()
//! leaves them; so is the result.
[[nodiscard]] std::vector<AddressRange> subtractRanges(const std::vector<AddressRange>& ranges,
                                                       const std::vector<AddressRange>& holes);

} // namespace firstchance
