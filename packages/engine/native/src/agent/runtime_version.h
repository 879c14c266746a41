#pragma once

#include <cstddef>
#include <cstdint>

namespace firstchance::agent {

//! \brief "10.0.12"
struct RuntimeVersion {
    std::uint16_t major = 0; //!< 0 when the runtime does not tell
    std::size_t size = 0;
    char text[64];
};
[[nodiscard]] RuntimeVersion runtimeVersion(void* profilerInfo);

} // namespace firstchance::agent
