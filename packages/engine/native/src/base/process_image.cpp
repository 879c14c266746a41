#include "base/process_image.h"

#include <sys/user.h>

#include <algorithm>
#include <array>
#include <cstring>

#if defined(__aarch64__)
#include <asm/ptrace.h>
#endif

namespace firstchance {
namespace {

#if defined(__x86_64__)
using GeneralRegisters = user_regs_struct;
constexpr std::size_t kProgramCounter = offsetof(GeneralRegisters, rip);
constexpr std::size_t kStackPointer = offsetof(GeneralRegisters, rsp);
constexpr std::size_t kFramePointer = offsetof(GeneralRegisters, rbp);
#elif defined(__aarch64__)
using GeneralRegisters = user_pt_regs;
constexpr std::size_t kProgramCounter = offsetof(GeneralRegisters, pc);
constexpr std::size_t kStackPointer = offsetof(GeneralRegisters, sp);
constexpr std::size_t kFramePointer = offsetof(GeneralRegisters, regs) + 29 * sizeof(std::uint64_t);
#endif

Address registerAt(const std::vector<std::byte>& registers, std::size_t offset) {
    std::uint64_t value = 0;
    if (registers.size() >= offset + sizeof value) {
        std::memcpy(&value, registers.data() + offset, sizeof value);
    }
    return Address(value);
}

} // namespace

Address ThreadImage::programCounter() const {
    return registerAt(generalRegisters, kProgramCounter);
}
Address ThreadImage::stackPointer() const {
    return registerAt(generalRegisters, kStackPointer);
}
Address ThreadImage::framePointer() const {
    return registerAt(generalRegisters, kFramePointer);
}

const Mapping* ProcessImage::findMapping(Address address) const {
    const auto all = mappings();
    auto next = std::upper_bound(all.begin(), all.end(), address,
                                 [](Address a, const Mapping& m) { return a < m.range.begin; });
    if (next == all.begin()) {
        return nullptr;
    }
    --next;
    return next->range.contains(address) ? &*next : nullptr;
}

std::string ProcessImage::readString(Address address, std::size_t limit) const {
    std::string text;
    std::array<std::byte, 256> chunk;
    while (text.size() < limit) {
        const std::size_t want = std::min(chunk.size(), limit - text.size());
        const std::size_t got = read(address + text.size(), std::span(chunk).first(want));
        const auto* begin = reinterpret_cast<const char*>(chunk.data());
        const auto* end = std::find(begin, begin + got, '\0');
        text.append(begin, end);
        if (end != begin + got || got < want) {
            break;
        }
    }
    return text;
}

} // namespace firstchance
