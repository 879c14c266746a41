#pragma once

#include "agent/text.h"

namespace firstchance::agent {

//! \brief Whether \p pattern is the whole of \p text. `*` is any run of bytes, `?` one byte, ASCII case is
//! ignored.
[[nodiscard]] bool matchesWhole(Text pattern, Text text);

//! \brief Whether \p pattern occurs anywhere in \p text, with the same wildcards.
[[nodiscard]] bool matchesPart(Text pattern, Text text);

} // namespace firstchance::agent
