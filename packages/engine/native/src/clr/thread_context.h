#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/address.h"
#include "base/process_image.h"

namespace firstchance {

//! \brief The Windows CONTEXT record in which the DAC takes and gives registers (dotnet/runtime
//! src/coreclr/pal/inc/pal.h), of the architecture we are built for.
struct ContextLayout {
#if defined(__x86_64__)
    static constexpr std::uint32_t kMachine = 0x8664;
    static constexpr std::size_t kSize = 0x4D0;
    static constexpr std::size_t kInstructionPointer = 0xF8;
    static constexpr std::size_t kStackPointer = 0x98;
    static constexpr std::uint32_t kAllRegisters = 0x10000F; //!< control, integer, segments, floating point
#elif defined(__aarch64__)
    static constexpr std::uint32_t kMachine = 0xAA64;
    static constexpr std::size_t kSize = 0x390;
    static constexpr std::size_t kInstructionPointer = 0x108;
    static constexpr std::size_t kStackPointer = 0x100;
    static constexpr std::uint32_t kAllRegisters = 0x400007; //!< control, integer, floating point
#endif
};

//! \brief Writes \p thread's registers as a CONTEXT into \p out; the rest of it becomes zero. False if \p out
//! is too small or the thread has no registers.
[[nodiscard]] bool fillContext(const ThreadImage& thread, std::span<std::byte> out);

[[nodiscard]] Address contextInstructionPointer(std::span<const std::byte> context);
[[nodiscard]] Address contextStackPointer(std::span<const std::byte> context);

} // namespace firstchance
