#include "agent/code_position.h"

#include "agent/clr_api.h"

namespace firstchance::agent {
namespace {

struct CodeInfo { // COR_PRF_CODE_INFO
    std::uintptr_t start;
    std::size_t bytes;
};
struct IlToNative { // COR_DEBUG_IL_TO_NATIVE_MAP
    std::uint32_t ilOffset;
    std::uint32_t nativeStart;
    std::uint32_t nativeEnd;
};
// Tiers, and versions of a method that runs in a loop.
constexpr std::uint32_t kMaxVersions = 16;
constexpr std::uint32_t kMaxRegions = 4;
constexpr std::uint32_t kMaxMappings = 512;
constexpr std::uint32_t kLastRealOffset = 0xfffffff0; // above: prologue, epilogue, none

//! Offset of \p address in the code that begins at \p start, cold parts counted behind the hot one.
bool nativeOffset(void* profilerInfo, std::uintptr_t start, std::uintptr_t address, std::uint32_t& out) {
    CodeInfo regions[kMaxRegions];
    std::uint32_t count = 0;
    if (call(profilerInfo, kInfoGetCodeInfo4, start, kMaxRegions, &count, regions) < 0) {
        return false;
    }
    std::size_t before = 0;
    for (std::uint32_t i = 0; i < count && i < kMaxRegions; ++i) {
        if (address >= regions[i].start && address - regions[i].start < regions[i].bytes) {
            out = static_cast<std::uint32_t>(before + (address - regions[i].start));
            return true;
        }
        before += regions[i].bytes;
    }
    return false;
}

std::uint32_t ilOffsetAt(void* profilerInfo, std::uintptr_t start, std::uint32_t offset) {
    IlToNative map[kMaxMappings];
    std::uint32_t count = 0;
    std::uint32_t found = kNoIlOffset;
    std::uint32_t nearest = 0;
    if (call(profilerInfo, kInfoGetIlToNativeMapping3, start, kMaxMappings, &count, map) < 0) {
        return found;
    }
    for (std::uint32_t i = 0; i < count && i < kMaxMappings; ++i) {
        if (map[i].ilOffset < kLastRealOffset && map[i].nativeStart <= offset &&
            (found == kNoIlOffset || map[i].nativeStart >= nearest)) {
            found = map[i].ilOffset;
            nearest = map[i].nativeStart;
        }
    }
    return found;
}

} // namespace

std::uint32_t ilOffsetOf(void* profilerInfo, std::uintptr_t address) {
    FunctionId function = 0;
    std::uintptr_t version = 0;
    std::uintptr_t starts[kMaxVersions];
    std::uint32_t count = 0;
    if (call(profilerInfo, kInfoGetFunctionFromIp2, address, &function, &version) < 0 || function == 0 ||
        call(profilerInfo, kInfoGetNativeCodeStartAddresses, function, version, kMaxVersions, &count,
             starts) < 0) {
        return kNoIlOffset;
    }
    for (std::uint32_t i = 0; i < count && i < kMaxVersions; ++i) {
        std::uint32_t offset = 0;
        if (nativeOffset(profilerInfo, starts[i], address, offset)) {
            return ilOffsetAt(profilerInfo, starts[i], offset);
        }
    }
    return kNoIlOffset;
}

} // namespace firstchance::agent
