#include "clr/gc_dac_vars.h"

#include <array>
#include <vector>

#include "clr/dac_interfaces.h"

namespace firstchance {
namespace {

// Numbers of 8-byte words in the table.
constexpr std::size_t kHeapCount = 22;
constexpr std::size_t kHeaps = 23;
constexpr std::size_t kInvalidCount = 24;
constexpr std::size_t kHandleTableMap = 29;
constexpr std::size_t kWords = 30;
constexpr std::uint8_t kMajorVersion = 2;

std::optional<GcDacVars> tableAt(Dac& dac, Address address, const dac::GcHeapData& data) {
    const auto words = dac.readValue<std::array<std::uint64_t, kWords>>(address);
    if (!words || ((*words)[0] & 0xFFU) != kMajorVersion) {
        return std::nullopt;
    }
    GcDacVars vars;
    vars.heapCount = Address((*words)[kHeapCount]);
    vars.heaps = Address((*words)[kHeaps]);
    vars.invalidCount = Address((*words)[kInvalidCount]);
    vars.handleTableMap = Address((*words)[kHandleTableMap]);
    const auto invalid = dac.readValue<std::int32_t>(vars.invalidCount);
    if (!invalid || (*invalid == 0) != (data.structuresValid != 0) || vars.handleTableMap.isNull()) {
        return std::nullopt;
    }
    if (data.serverMode != 0) {
        const auto count = dac.readValue<std::uint32_t>(vars.heapCount);
        if (!count || *count != data.heapCount) {
            return std::nullopt;
        }
    }
    return vars;
}

} // namespace

std::optional<GcDacVars> findGcDacVars(Dac& dac) {
    Dac::Interfaces& interfaces = dac.interfaces();
    // The DAC keeps what it has read: without a flush it would not read the table again.
    com::call(interfaces.process.get(), dac::slot::kProcessFlush);
    std::vector<TracedRead> reads;
    dac::GcHeapData data{};
    interfaces.target->traceInto(&reads);
    const com::HResult result = interfaces.call(dac::Sos::GetGCHeapData, &data);
    interfaces.target->traceInto(nullptr);
    if (result < 0) {
        return std::nullopt;
    }
    for (const TracedRead& read : reads) {
        if (read.size >= kWords * sizeof(std::uint64_t)) {
            if (const auto vars = tableAt(dac, read.address, data)) {
                return vars;
            }
        }
    }
    return std::nullopt;
}

} // namespace firstchance
