#pragma once

#include <chrono>

namespace firstchance {

//! \brief Limits progress reports to ten a second.
class ProgressClock {
public:
    [[nodiscard]] bool isDue() {
        const auto now = std::chrono::steady_clock::now();
        if (now < next_) {
            return false;
        }
        next_ = now + std::chrono::milliseconds(100);
        return true;
    }

private:
    std::chrono::steady_clock::time_point next_;
};

} // namespace firstchance
