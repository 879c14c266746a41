#pragma once

#include <cstddef>
#include <cstdint>

#include "agent/own_stack.h"

namespace firstchance::agent {

//! \brief Where the runtime keeps the chain of the frames between managed and native code of a thread
//! (class Thread, m_pFrame; src/coreclr/vm/threads.h and frames.h). Offsets in bytes.
struct RuntimeFrameLayout {
    std::uint32_t threadFrame = 0; //!< of the chain's head in a Thread; 0: unknown version
    std::uint32_t next = 8;
    // InlinedCallFrame: a P/Invoke.
    std::uint32_t callSiteSp = 24;
    std::uint32_t returnAddress = 32;
    std::uint32_t calleeSavedFp = 40;
    // FramedMethodFrame: a helper of the runtime. Of the TransitionBlock that it points to:
    std::uint32_t transitionBlock = 16;
    std::uint32_t blockFp = 88;
    std::uint32_t blockReturnAddress = 96;
    std::uint32_t blockBytes = 104;
};

//! \brief Of a version of .NET. Measured: 8, 9 and 10 on x86-64.
[[nodiscard]] RuntimeFrameLayout runtimeFrameLayout(std::uint16_t majorVersion);

//! \brief Walks the caller's own stack, reading nothing but it: the chain of frame pointers, which the
//! runtime and compiled managed code keep; where it breaks (system and third-party libraries do not keep it)
//! it goes on from the runtime's own frames.
//!
//! \param framePointer where to begin: __builtin_frame_address(0) of a caller
//! \param runtimeFrame head of the thread's chain of runtime frames, 0 when there is none
//! \param out addresses after the calls, innermost first
//! \returns their number; of code without frame pointers only the innermost frame is there
[[nodiscard]] std::size_t walkStack(std::uintptr_t framePointer, const StackBounds& stack,
                                    const RuntimeFrameLayout& layout, std::uintptr_t runtimeFrame,
                                    std::uintptr_t* out, std::size_t capacity);

} // namespace firstchance::agent
