#include "heap/native/owner_tiers.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

namespace firstchance {
namespace {

constexpr std::array<std::string_view, 4> kFramework = {"System.", "Microsoft.", "Interop", "Internal."};
constexpr std::array<std::string_view, 6> kRuntime = {
    "System.Threading.Thread",     "System.Reflection.",     "System.RuntimeType",
    "System.Diagnostics.Tracing.", "System.Runtime.Loader.", "System.Threading.LowLevel"};

template <std::size_t Count>
bool startsWithAny(const std::string& name, const std::array<std::string_view, Count>& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](std::string_view prefix) { return name.starts_with(prefix); });
}

} // namespace

std::vector<std::uint8_t> ownerTiers(const std::vector<GraphType>& types) {
    std::vector<std::uint8_t> tiers;
    tiers.reserve(types.size());
    for (const GraphType& type : types) {
        const bool framework = startsWithAny(type.name, kFramework);
        tiers.push_back(startsWithAny(type.name, kRuntime) ? 2 : framework ? 1 : 0);
    }
    return tiers;
}

std::vector<std::uint32_t> rankTypes(const std::vector<GraphType>& types,
                                     const std::vector<std::uint8_t>& tiers) {
    std::vector<std::uint32_t> order(types.size());
    for (std::uint32_t type = 0; type < order.size(); ++type) {
        order[type] = type;
    }
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::tie(tiers[a], types[a].name, a) < std::tie(tiers[b], types[b].name, b);
    });
    std::vector<std::uint32_t> ranks(types.size());
    for (std::uint32_t rank = 0; rank < order.size(); ++rank) {
        ranks[order[rank]] = rank;
    }
    return ranks;
}

} // namespace firstchance
