#include "clr/thread_context.h"

#include <sys/user.h>

#include <algorithm>
#include <array>
#include <cstring>

#if defined(__aarch64__)
#include <asm/ptrace.h>
#endif

namespace firstchance {
namespace {

template <class T> void put(std::span<std::byte> out, std::size_t offset, T value) {
    std::memcpy(out.data() + offset, &value, sizeof value);
}

std::uint64_t get(std::span<const std::byte> context, std::size_t offset) {
    std::uint64_t value = 0;
    if (context.size() >= offset + sizeof value) {
        std::memcpy(&value, context.data() + offset, sizeof value);
    }
    return value;
}

#if defined(__x86_64__)

void putRegisters(const ThreadImage& thread, std::span<std::byte> out) {
    user_regs_struct r{};
    std::memcpy(&r, thread.generalRegisters.data(), sizeof r);
    put(out, 0x30, ContextLayout::kAllRegisters);
    put(out, 0x38, static_cast<std::uint16_t>(r.cs));
    put(out, 0x42, static_cast<std::uint16_t>(r.ss));
    put(out, 0x44, static_cast<std::uint32_t>(r.eflags));
    const std::array<std::uint64_t, 17> inOrder{r.rax, r.rcx, r.rdx, r.rbx, r.rsp, r.rbp, r.rsi, r.rdi, r.r8,
                                                r.r9,  r.r10, r.r11, r.r12, r.r13, r.r14, r.r15, r.rip};
    std::memcpy(out.data() + 0x78, inOrder.data(), sizeof inOrder);
    // NT_PRFPREG of x86-64 is the FXSAVE area, and so is CONTEXT.FltSave.
    constexpr std::size_t kFloatSave = 0x100;
    constexpr std::size_t kFxSave = 512;
    std::memcpy(out.data() + kFloatSave, thread.floatRegisters.data(),
                std::min(kFxSave, thread.floatRegisters.size()));
    if (thread.floatRegisters.size() >= 28) {
        std::memcpy(out.data() + 0x34, thread.floatRegisters.data() + 24, sizeof(std::uint32_t)); // MxCsr
    }
}

constexpr std::size_t kGeneralSize = sizeof(user_regs_struct);

#elif defined(__aarch64__)

void putRegisters(const ThreadImage& thread, std::span<std::byte> out) {
    user_pt_regs r{};
    std::memcpy(&r, thread.generalRegisters.data(), sizeof r);
    put(out, 0x0, ContextLayout::kAllRegisters);
    put(out, 0x4, static_cast<std::uint32_t>(r.pstate));
    std::memcpy(out.data() + 0x8, r.regs, sizeof r.regs); // x0 to x30: CONTEXT continues with Fp and Lr
    put(out, ContextLayout::kStackPointer, static_cast<std::uint64_t>(r.sp));
    put(out, ContextLayout::kInstructionPointer, static_cast<std::uint64_t>(r.pc));
    constexpr std::size_t kVectors = 32 * 16;
    if (thread.floatRegisters.size() >= kVectors + 8) {
        std::memcpy(out.data() + 0x110, thread.floatRegisters.data(), kVectors);
        std::memcpy(out.data() + 0x310, thread.floatRegisters.data() + kVectors + 4, 4); // Fpcr
        std::memcpy(out.data() + 0x314, thread.floatRegisters.data() + kVectors, 4);     // Fpsr
    }
}

constexpr std::size_t kGeneralSize = sizeof(user_pt_regs);

#endif

} // namespace

bool fillContext(const ThreadImage& thread, std::span<std::byte> out) {
    if (out.size() < ContextLayout::kSize || thread.generalRegisters.size() < kGeneralSize) {
        return false;
    }
    std::fill(out.begin(), out.end(), std::byte{0});
    putRegisters(thread, out);
    return true;
}

Address contextInstructionPointer(std::span<const std::byte> context) {
    return Address(get(context, ContextLayout::kInstructionPointer));
}

Address contextStackPointer(std::span<const std::byte> context) {
    return Address(get(context, ContextLayout::kStackPointer));
}

} // namespace firstchance
