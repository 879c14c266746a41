#pragma once

#include <cstdint>

namespace firstchance::agent {

// libm must not come into the target with the agent, so the two functions that sampling needs are here.

//! \brief Natural logarithm of \p value in (0, 1]; the error is below 2e-4.
[[nodiscard]] inline double logarithm(double value) {
    constexpr double kLog2 = 0.69314718055994531;
    const auto bits = __builtin_bit_cast(std::uint64_t, value);
    const auto exponent = static_cast<int>(bits >> 52U & 0x7ffU) - 1023;
    const auto mantissa = __builtin_bit_cast(double, (bits & 0xfffffffffffffULL) | 0x3ff0000000000000ULL);
    const double s = (mantissa - 1) / (mantissa + 1);
    const double square = s * s;
    const double series = s * (2 + square * (2.0 / 3 + square * (2.0 / 5 + square * (2.0 / 7))));
    return exponent * kLog2 + series;
}

//! \brief The chance of meeting an allocation of \p bytes when one byte in \p period is picked at random:
//! 1 - exp(-bytes / period). What is met stands for 1 / chance allocations.
[[nodiscard]] inline double chanceOfSample(std::uint64_t bytes, std::uint64_t period) {
    const double ratio = static_cast<double>(bytes) / static_cast<double>(period);
    if (ratio > 20) {
        return 1;
    }
    double power = 1 - ratio / 1024; // (1 - x/n)^n
    for (int i = 0; i < 10; ++i) {
        power *= power;
    }
    return 1 - power;
}

//! \brief Bytes until the next sample: exponentially distributed, mean \p period. \p state is a xorshift
//! generator's, not 0.
[[nodiscard]] inline std::int64_t nextGap(std::uint64_t& state, std::uint64_t period) {
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    const double uniform = (static_cast<double>(state >> 11U) + 1) * (1.0 / 9007199254740993.0);
    return static_cast<std::int64_t>(-logarithm(uniform) * static_cast<double>(period)) + 1;
}

} // namespace firstchance::agent
