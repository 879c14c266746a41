#pragma once

#include <chrono>

namespace firstchance {

//! \brief Milliseconds of the steady clock since a moment, with fractions.
[[nodiscard]] inline double millisecondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

} // namespace firstchance
