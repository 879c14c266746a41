#pragma once

#include <cstdint>

namespace firstchance::agent {

inline constexpr std::uint32_t kNoIlOffset = 0xffffffff;

//! \brief Offset into the method's IL of the instruction that holds \p address, native code of any tier;
//! kNoIlOffset when the runtime does not tell. Optimised code knows it of calls and statements only. On the
//! agent's own thread: the runtime may take locks.
[[nodiscard]] std::uint32_t ilOffsetOf(void* profilerInfo, std::uintptr_t address);

} // namespace firstchance::agent
