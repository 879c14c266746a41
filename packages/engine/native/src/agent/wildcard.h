#pragma once

#include "agent/text.h"

namespace firstchance::agent {

//! \brief Whether \p pattern is the whole of \p text. `*` is any run of bytes, `?` one byte, ASCII case is
//! ignored.
[[nodiscard]] bool matchesWhole(Text pattern, Text text);

//! \brief Whether \p pattern occurs anywhere in \p text, with the same wildcards.
//!
//! It is known already not to occur in the first \p judged bytes by themselves; they are not searched again
//! where the pattern's form allows that.
[[nodiscard]] bool matchesPart(Text pattern, Text text, std::size_t judged = 0);

} // namespace firstchance::agent
