#pragma once

#include <time.h>

#include <cstdint>

namespace firstchance::agent {

inline std::int64_t monotonicNanoseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

//! \brief A moment of CLOCK_MONOTONIC. Waits are repeated against it: while a collection waits for a thread
//! in a callback, the runtime's signals end its system calls some 4000 times a second with EINTR (measured).
class Deadline {
public:
    explicit Deadline(std::uint32_t milliseconds)
        : end_(monotonicNanoseconds() + static_cast<std::int64_t>(milliseconds) * 1'000'000) {}

    [[nodiscard]] bool passed() const { return monotonicNanoseconds() >= end_; }
    //! \brief What is left, not negative.
    [[nodiscard]] timespec left() const {
        std::int64_t rest = end_ - monotonicNanoseconds();
        rest = rest > 0 ? rest : 0;
        return {static_cast<time_t>(rest / 1'000'000'000), static_cast<long>(rest % 1'000'000'000)};
    }

private:
    std::int64_t end_;
};

} // namespace firstchance::agent
