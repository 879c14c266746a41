#include "snapshot/way_home.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <sys/uio.h>
#include <ucontext.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "linux/ptrace.h"
#include "snapshot/code_pattern.h"

namespace firstchance {
namespace {

//! \brief syscall; ret
constexpr std::array<std::uint8_t, 3> kCallAndReturn = {0x0f, 0x05, 0xc3};
//! \brief mov $15, %rax; syscall: __restore_rt, which the C library gives the kernel as SA_RESTORER
constexpr std::array<std::uint8_t, 9> kSignalReturn = {0x48, 0xc7, 0xc0, 0x0f, 0x00, 0x00, 0x00, 0x0f, 0x05};

constexpr unsigned kShadowStack = 0x204; // NT_X86_SHSTK
constexpr std::uint64_t kRedZone = 128;  // System V ABI, section 3.2.2
//! \brief Below a stack pointer on a small stack of its own, for signals, may lie somebody else's memory.
constexpr std::uint64_t kDepth = 65536;
constexpr std::uint64_t kMainDepth = 16384; // the main thread's grows

// <asm/sigcontext.h>, <asm/ucontext.h>: the same as the kernel writes itself.
constexpr std::uint64_t kContextFlags = 7; // UC_FP_XSTATE | UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS
constexpr std::uint32_t kStateBegins = 0x46505853U;
constexpr std::uint32_t kStateEnds = 0x46505845U;
constexpr std::size_t kLegacyState = 512;
constexpr std::size_t kReservedForSoftware = 464; // struct _fpx_sw_bytes in the legacy area
constexpr std::size_t kHeader = 64;
constexpr std::size_t kLargestState = 4096; // AVX-512 and PKRU take 2696
constexpr unsigned kTileData = 18;          // AMX: not in a frame unless the program has asked for it

struct ReservedForSoftware {
    std::uint32_t magic;
    std::uint32_t extendedSize;
    std::uint64_t features;
    std::uint32_t stateSize;
    std::array<std::uint32_t, 7> padding;
};

struct Frame {
    std::uint64_t returnAddress;
    ucontext_t context;
};

//! \brief Size of a frame's extended state with these features (Intel SDM volume 1, 13.5; CPUID leaf 0xD).
std::size_t stateSize(std::uint64_t features) {
    std::size_t size = kLegacyState + kHeader;
    for (unsigned feature = 2; feature < 63; ++feature) {
        unsigned length = 0;
        unsigned offset = 0;
        unsigned ecx = 0;
        unsigned edx = 0;
        if ((features & (1ULL << feature)) != 0 &&
            __get_cpuid_count(0xD, feature, &length, &offset, &ecx, &edx) != 0) {
            size = std::max<std::size_t>(size, std::size_t{offset} + length);
        }
    }
    return size;
}

//! \brief The extended state as the kernel lays it into a frame; empty when the thread's is not there.
std::vector<std::byte> frameState(const TracedThread& thread) {
    const auto found = std::find_if(thread.extraRegisters.begin(), thread.extraRegisters.end(),
                                    [](const auto& set) { return set.first == kExtendedStateSet; });
    if (found == thread.extraRegisters.end() || found->second.size() < kLegacyState + kHeader) {
        return {};
    }
    std::uint64_t enabled = 0; // the kernel puts XCR0 there (arch/x86/kernel/fpu/xstate.c)
    std::memcpy(&enabled, found->second.data() + kReservedForSoftware, sizeof enabled);
    const std::uint64_t features = enabled & ~(1ULL << kTileData);
    const std::size_t size = stateSize(features);
    if (size > found->second.size() || size > kLargestState) {
        return {};
    }
    std::vector<std::byte> state(size + sizeof kStateEnds);
    std::memcpy(state.data(), found->second.data(), size);
    const ReservedForSoftware reserved{kStateBegins,
                                       static_cast<std::uint32_t>(size + sizeof kStateEnds),
                                       features,
                                       static_cast<std::uint32_t>(size),
                                       {}};
    std::memcpy(state.data() + kReservedForSoftware, &reserved, sizeof reserved);
    std::uint64_t used = 0;
    std::memcpy(&used, state.data() + kLegacyState, sizeof used);
    used &= features;
    std::memcpy(state.data() + kLegacyState, &used, sizeof used);
    std::memcpy(state.data() + size, &kStateEnds, sizeof kStateEnds);
    return state;
}

//! \brief What the registers are when the call that the thread was in begins anew.
GeneralRegisters restarted(GeneralRegisters registers) {
    if (static_cast<long>(registers.orig_rax) < 0) {
        return registers;
    }
    const auto result = static_cast<long>(registers.rax);
    if (result <= kRestartSystemCall && result >= kRestartNoHandler) {
        registers.rax = registers.orig_rax;
        registers.rip -= kSystemCallInstruction.size();
    } else if (result == kRestartBlock) {
        registers.rax = static_cast<unsigned long long>(-EINTR);
    }
    return registers;
}

ucontext_t contextOf(const GeneralRegisters& stopped, std::uint64_t mask, Address state) {
    const GeneralRegisters registers = restarted(stopped);
    ucontext_t context{};
    context.uc_flags = kContextFlags;
    context.uc_stack.ss_flags = -1; // no mode of sigaltstack(2): the thread's own stays
    auto& general = context.uc_mcontext.gregs;
    const auto set = [&](int index, unsigned long long value) {
        general[index] = static_cast<greg_t>(value);
    };
    set(REG_R8, registers.r8);
    set(REG_R9, registers.r9);
    set(REG_R10, registers.r10);
    set(REG_R11, registers.r11);
    set(REG_R12, registers.r12);
    set(REG_R13, registers.r13);
    set(REG_R14, registers.r14);
    set(REG_R15, registers.r15);
    set(REG_RDI, registers.rdi);
    set(REG_RSI, registers.rsi);
    set(REG_RBP, registers.rbp);
    set(REG_RBX, registers.rbx);
    set(REG_RDX, registers.rdx);
    set(REG_RAX, registers.rax);
    set(REG_RCX, registers.rcx);
    set(REG_RSP, registers.rsp);
    set(REG_RIP, registers.rip);
    set(REG_EFL, registers.eflags);
    set(REG_CSGSFS, (registers.cs & 0xffff) | ((registers.gs & 0xffff) << 16U) |
                        ((registers.fs & 0xffff) << 32U) | ((registers.ss & 0xffff) << 48U));
    const std::uint64_t fpregs = state.value(); // a pointer in the target, not of ours
    std::memcpy(&context.uc_mcontext.fpregs, &fpregs, sizeof fpregs);
    std::memcpy(&context.uc_sigmask, &mask, sizeof mask);
    return context;
}

//! \brief Whether \p size bytes below the thread's red zone are its own stack, and deep within it.
bool isOwnStack(const ProcessImage& target, Address stackPointer, std::uint64_t size) {
    const auto mappings = target.mappings();
    const auto above = std::upper_bound(
        mappings.begin(), mappings.end(), stackPointer,
        [](Address address, const Mapping& mapping) { return address < mapping.range.begin; });
    if (above == mappings.begin()) {
        return false;
    }
    const Mapping& stack = *std::prev(above);
    if (!stack.range.contains(stackPointer) || !stack.writable || stack.shared) {
        return false;
    }
    const std::uint64_t depth = stackPointer - stack.range.begin;
    return depth > size + (stack.path == "[stack]" ? kMainDepth : kDepth);
}

bool write(pid_t tid, Address address, std::span<const std::byte> bytes) {
    const iovec local{const_cast<std::byte*>(bytes.data()), bytes.size()};
    auto* there = reinterpret_cast<void*>(address.value()); // NOLINT(performance-no-int-to-ptr)
    const iovec remote{there, bytes.size()};
    return ::process_vm_writev(tid, &local, 1, &remote, 1, 0) == static_cast<ssize_t>(bytes.size());
}

} // namespace

std::optional<HomeCode> findHomeCode(const ProcessImage& target) {
    for (const Mapping& mapping : target.mappings()) {
        if (!mapping.executable || mapping.path.find("/libc.so.6") == std::string::npos) {
            continue;
        }
        const auto code = readCode(target, mapping);
        const HomeCode home{findCode(code, mapping.range.begin, kCallAndReturn),
                            findCode(code, mapping.range.begin, kSignalReturn)};
        if (!home.callAndReturn.isNull() && !home.signalReturn.isNull()) {
            return home;
        }
    }
    return std::nullopt;
}

std::optional<WayHome> WayHome::lay(const ProcessImage& target, const HomeCode& code,
                                    const TracedThread& thread, std::uint64_t mask) {
    if (!codeStandsAt(target, code.callAndReturn, kCallAndReturn) ||
        !codeStandsAt(target, code.signalReturn, kSignalReturn)) {
        return std::nullopt;
    }
    // A return that no call belongs to is an attack where there is a shadow stack.
    std::uint64_t shadow = 0;
    if (ptrace::getRegisterSet(thread.tid, kShadowStack, &shadow, sizeof shadow) == 0) {
        return std::nullopt;
    }
    const auto state = frameState(thread);
    if (state.empty()) {
        return std::nullopt;
    }
    const Address stackPointer(thread.registers.rsp);
    const std::uint64_t size = kRedZone + sizeof(Frame) + state.size() + 2 * kHeader;
    if (stackPointer.value() < size || !isOwnStack(target, stackPointer, size)) {
        return std::nullopt;
    }
    const Address stateAt(((stackPointer - kRedZone).value() - state.size()) & ~std::uint64_t{kHeader - 1});
    const Address frameAt((stateAt.value() - sizeof(Frame)) & ~std::uint64_t{15});
    const Frame frame{code.signalReturn.value(), contextOf(thread.registers, mask, stateAt)};
    if (!write(thread.tid, stateAt, state) ||
        !write(thread.tid, frameAt, std::as_bytes(std::span(&frame, 1)))) {
        return std::nullopt;
    }
    return WayHome(code, frameAt);
}

GeneralRegisters WayHome::leaving(const GeneralRegisters& registers) const {
    GeneralRegisters home = registers;
    home.rip = code_.signalReturn.value();
    home.rsp = frame_.value() + sizeof(Frame::returnAddress); // as behind the return
    home.orig_rax = static_cast<unsigned long long>(-1);      // no restart of the interrupted call
    return home;
}

void WayHome::behind(GeneralRegisters& registers) const {
    registers.rsp = frame_.value();
}

} // namespace firstchance

#else

namespace firstchance {

std::optional<HomeCode> findHomeCode(const ProcessImage&) {
    return std::nullopt;
}
std::optional<WayHome> WayHome::lay(const ProcessImage&, const HomeCode&, const TracedThread&,
                                    std::uint64_t) {
    return std::nullopt;
}
GeneralRegisters WayHome::leaving(const GeneralRegisters& registers) const {
    return registers;
}
void WayHome::behind(GeneralRegisters&) const {}

} // namespace firstchance

#endif
