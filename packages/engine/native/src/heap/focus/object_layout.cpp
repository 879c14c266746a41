#include "heap/focus/object_layout.h"

#include <algorithm>

namespace firstchance {
namespace {

// MethodTable::m_dwFlags, dotnet/runtime src/coreclr/vm/methodtable.h.
constexpr std::uint32_t kHasComponentSize = 0x80000000;
constexpr std::uint32_t kContainsReferences = 0x01000000;

constexpr std::uint32_t kSmallestBaseSize = 16;
constexpr std::uint32_t kLargestBaseSize = 1U << 30U;
constexpr std::int64_t kMostSeries = 4096;

} // namespace

std::optional<ObjectLayout> ObjectLayouts::readLayout(Address methodTable) const {
    struct Start {
        std::uint32_t flags, baseSize;
    };
    const auto start = methodTable.isNull() || methodTable.value() % 8 != 0
                           ? std::nullopt
                           : image_.readValue<Start>(methodTable);
    if (!start || start->baseSize < kSmallestBaseSize || start->baseSize > kLargestBaseSize) {
        return std::nullopt;
    }
    ObjectLayout layout;
    layout.baseSize = start->baseSize;
    layout.componentSize = (start->flags & kHasComponentSize) != 0 ? start->flags & 0xFFFFU : 0;
    if ((start->flags & kContainsReferences) == 0) {
        return layout;
    }
    const auto count = image_.readValue<std::int64_t>(methodTable - 8);
    if (!count || *count == 0 || *count > kMostSeries || *count < -kMostSeries) {
        return std::nullopt;
    }
    if (*count > 0) {
        for (std::int64_t i = 1; i <= *count; ++i) {
            const auto series = image_.readValue<ObjectLayout::Series>(methodTable - 8 - 16 * i);
            if (!series) {
                return std::nullopt;
            }
            layout.series.push_back(*series);
        }
        return layout;
    }
    layout.firstElement = image_.readValue<std::uint64_t>(methodTable - 16).value_or(0);
    for (std::int64_t i = 0; i < -*count; ++i) {
        const auto run = image_.readValue<ObjectLayout::Run>(methodTable - 24 - 8 * i);
        if (!run) {
            return std::nullopt;
        }
        layout.runs.push_back(*run);
    }
    return layout;
}

const ObjectLayout* ObjectLayouts::find(Address methodTable) {
    auto known = layouts_.find(methodTable.value());
    if (known == layouts_.end()) {
        known = layouts_.emplace(methodTable.value(), readLayout(methodTable)).first;
    }
    return known->second ? &*known->second : nullptr;
}

std::vector<Address> ObjectLayouts::methodTables() const {
    std::vector<Address> tables;
    for (const auto& [table, layout] : layouts_) {
        if (layout) {
            tables.emplace_back(table);
        }
    }
    std::sort(tables.begin(), tables.end());
    return tables;
}

} // namespace firstchance
