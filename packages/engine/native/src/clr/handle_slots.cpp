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

//! \brief Recognises a HandleTable by its first segment, which points back to it. Where the two pointers lie
//! differs by version, so that is learnt from the table in slot 0.
class TableShape {
public:
    static std::optional<TableShape> learn(Dac& dac, Address table) {
        const auto words = dac.readValue<std::array<std::uint64_t, kTableWords>>(table);
        for (std::size_t i = 0; words && i < words->size(); ++i) {
            const Address segment((*words)[i]);
            if (segment.value() % kSegmentAlignment != 0 || segment.isNull()) {
                continue;
            }
            std::array<std::uint64_t, kHeaderWords> header{};
            const std::size_t got = dac.read(segment, std::as_writable_bytes(std::span(header)));
            const auto back = std::find(header.begin(), header.begin() + got / 8, table.value());
            if (back != header.begin() + got / 8) {
                return TableShape(8 * i, 8 * static_cast<std::uint64_t>(back - header.begin()));
            }
        }
        return std::nullopt;
    }
    [[nodiscard]] bool fits(Dac& dac, Address table) const {
        const auto segment = table.isNull() || table.value() % 8 != 0
                                 ? std::nullopt
                                 : dac.readValue<std::uint64_t>(table + segmentOffset_);
        const auto back = segment && *segment != 0
                              ? dac.readValue<std::uint64_t>(Address(*segment) + backOffset_)
                              : std::nullopt;
        return back == table.value();
    }

private:
    static constexpr std::size_t kTableWords = 64;
    static constexpr std::size_t kHeaderWords = 1024;
    static constexpr std::uint64_t kSegmentAlignment = 4096;

    TableShape(std::uint64_t segmentOffset, std::uint64_t backOffset)
        : segmentOffset_(segmentOffset), backOffset_(backOffset) {}
    std::uint64_t segmentOffset_;
    std::uint64_t backOffset_;
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
