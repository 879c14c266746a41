#include "agent/allocation_event.h"

#include <string.h>

namespace firstchance::agent {
namespace {

// Before the type stand: of AllocationSampled u32 kind, u16 runtime; of AllocationTick_V4 u32 amount, u32
// kind, u16 runtime, u64 amount. Behind it its name, UTF-16 to a NUL, that lacks the types around a nested
// one.
constexpr std::size_t kSampledType = 6;
constexpr std::size_t kTickType = 18;
// Between name and address: of AllocationTick u32 heap.
constexpr std::size_t kTickAddress = 4;

std::uint64_t valueAt(const unsigned char* data, std::size_t offset) {
    std::uint64_t value = 0;
    ::memcpy(&value, data + offset, sizeof value);
    return value;
}

} // namespace

bool parseAllocationEvent(std::uint32_t eventId, const unsigned char* data, std::uint32_t bytes,
                          AllocationEvent& out) {
    if (data == nullptr || (eventId != kAllocationTick && eventId != kAllocationSampled)) {
        return false;
    }
    const bool tick = eventId == kAllocationTick;
    const std::size_t type = tick ? kTickType : kSampledType;
    std::size_t end = type + sizeof(std::uint64_t);
    while (end + 2 <= bytes && (data[end] != 0 || data[end + 1] != 0)) {
        end += 2;
    }
    const std::size_t address = end + 2 + (tick ? kTickAddress : 0);
    if (address + 2 * sizeof(std::uint64_t) > bytes) {
        return false; // .NET 7 and older do not tell the object's size
    }
    out.type = valueAt(data, type);
    out.object = valueAt(data, address);
    out.bytes = valueAt(data, address + sizeof(std::uint64_t));
    return true;
}

} // namespace firstchance::agent
