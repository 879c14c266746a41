#include "clr/handle_slots.h"

#include <algorithm>
#include <array>
#include <optional>

#include "clr/dac_interfaces.h"
#include "clr/gc_dac_vars.h"

namespace firstchance {
namespace {

constexpr std::uint32_t kMostSlots = 4096;

// Structures of dotnet/runtime src/coreclr/gc/objecthandle.h.
struct TableMap {
    std::uint64_t buckets, next;
    std::uint32_t count;
};
struct Bucket {
    std::uint64_t tables;
    std::uint32_t index;
};

//! \brief Recognises a HandleTable by the pointer to its first segment: segments are aligned to 64 KB. Where
//! that pointer lies differs by version, so it is learnt from the table in slot 0.
class TableShape {
public:
    static std::optional<TableShape> learn(Dac& dac, Address table) {
        const auto words = dac.readValue<std::array<std::uint64_t, kTableWords>>(table);
        for (std::size_t i = 0; words && i < words->size(); ++i) {
            if (isSegment(dac, Address((*words)[i]))) {
                return TableShape(8 * i);
            }
        }
        return std::nullopt;
    }
    [[nodiscard]] bool fits(Dac& dac, Address table) const {
        const auto segment = table.isNull() || table.value() % 8 != 0
                                 ? std::nullopt
                                 : dac.readValue<std::uint64_t>(table + segmentOffset_);
        return segment && isSegment(dac, Address(*segment));
    }

private:
    static constexpr std::size_t kTableWords = 32;
    static constexpr std::uint64_t kSegmentAlignment = 65536;

    explicit TableShape(std::uint64_t segmentOffset) : segmentOffset_(segmentOffset) {}
    static bool isSegment(Dac& dac, Address address) {
        return !address.isNull() && address.value() % kSegmentAlignment == 0 &&
               dac.readValue<std::uint64_t>(address).has_value();
    }
    std::uint64_t segmentOffset_;
};

//! \brief Slots of the first bucket that hold a handle table; 0 if that could not be found out.
std::uint32_t countSlots(Dac& dac, Address mapAddress) {
    const auto map = dac.readValue<TableMap>(mapAddress);
    const auto first =
        map && map->count > 0 ? dac.readValue<std::uint64_t>(Address(map->buckets)) : std::nullopt;
    const auto bucket = first ? dac.readValue<Bucket>(Address(*first)) : std::nullopt;
    const auto table = bucket ? dac.readValue<std::uint64_t>(Address(bucket->tables)) : std::nullopt;
    const auto shape = table ? TableShape::learn(dac, Address(*table)) : std::nullopt;
    std::uint32_t slots = 0;
    while (shape && slots < kMostSlots) {
        const auto next = dac.readValue<std::uint64_t>(Address(bucket->tables) + 8 * std::uint64_t{slots});
        if (!next || !shape->fits(dac, Address(*next))) {
            break;
        }
        slots += 1;
    }
    return slots;
}

} // namespace

AllHandleSlots::AllHandleSlots(Dac& dac) : dac_(dac) {
    Dac::Interfaces& interfaces = dac.interfaces();
    dac::GcHeapData data{};
    if (interfaces.call(dac::Sos::GetGCHeapData, &data) < 0 || data.serverMode == 0) {
        return;
    }
    const auto vars = findGcDacVars(dac);
    const std::uint32_t slots = vars ? countSlots(dac, vars->handleTableMap) : 0;
    if (slots == 0) {
        trouble_ = "the handle tables of heaps that are not in use could not be found";
        return;
    }
    if (slots > data.heapCount) {
        com::call(interfaces.process.get(), dac::slot::kProcessFlush);
        interfaces.target->answerWith(vars->heapCount, slots);
        active_ = true;
    }
}

AllHandleSlots::~AllHandleSlots() {
    if (active_) {
        dac_.interfaces().target->answerWith(Address(), 0);
        com::call(dac_.interfaces().process.get(), dac::slot::kProcessFlush);
    }
}

} // namespace firstchance
