#include "clr/handle_tables.h"

namespace firstchance {
namespace {

constexpr std::size_t kFewestKinds = 9;
constexpr std::size_t kMostKinds = 24;
constexpr std::uint32_t kMostSlots = 4096;

// Structures of dotnet/runtime src/coreclr/gc/objecthandle.h. The runtime makes a second bucket for nobody:
// there is one since application domains are gone.
struct TableMap {
    std::uint64_t buckets, next;
    std::uint32_t count;
};
struct Bucket {
    std::uint64_t tables;
    std::uint32_t index;
};

} // namespace

std::optional<HandleTableLayout> HandleTableLayout::learn(Dac& dac, Address table) {
    for (std::size_t kinds = kFewestKinds; kinds <= kMostKinds; ++kinds) {
        if (const HandleTableLayout layout(kinds); layout.fits(dac, table)) {
            return layout;
        }
    }
    return std::nullopt;
}

bool HandleTableLayout::fits(Dac& dac, Address table) const {
    if (table.isNull() || table.value() % 8 != 0) {
        return false;
    }
    const auto segment = dac.readValue<std::uint64_t>(table + segmentList());
    if (!segment || *segment == 0 || *segment % HandleSegment::kSize != 0) {
        return false;
    }
    const auto owner = dac.readValue<std::uint64_t>(Address(*segment) + (nextSegment() + 8));
    return owner && Address(*owner) == table;
}

std::optional<HandleTables> findHandleTables(Dac& dac, Address mapAddress) {
    const auto map = dac.readValue<TableMap>(mapAddress);
    const auto first =
        map && map->count > 0 ? dac.readValue<std::uint64_t>(Address(map->buckets)) : std::nullopt;
    const auto bucket = first ? dac.readValue<Bucket>(Address(*first)) : std::nullopt;
    const auto table = bucket ? dac.readValue<std::uint64_t>(Address(bucket->tables)) : std::nullopt;
    const auto layout = table ? HandleTableLayout::learn(dac, Address(*table)) : std::nullopt;
    if (!layout) {
        return std::nullopt;
    }
    HandleTables result{.layout = *layout, .tables = {Address(*table)}};
    // The array has no length of its own: what follows it is no table.
    while (result.tables.size() < kMostSlots) {
        const auto next =
            dac.readValue<std::uint64_t>(Address(bucket->tables) + 8 * std::uint64_t{result.tables.size()});
        if (!next || !layout->fits(dac, Address(*next))) {
            break;
        }
        result.tables.push_back(Address(*next));
    }
    return result;
}

} // namespace firstchance
