#pragma once

#include <cstddef>

namespace firstchance::agent {

//! \brief "10.0.12"
struct RuntimeVersion {
    std::size_t size = 0;
    char text[64];
};
[[nodiscard]] RuntimeVersion runtimeVersion(void* profilerInfo);

} // namespace firstchance::agent
