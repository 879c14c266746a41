#pragma once

#include <cstdint>
#include <vector>

#include "heap/graph/heap_graph.h"

namespace firstchance {

//! \brief How likely objects of a type are the reason for native memory: 0 the program's, 1 the framework's,
//! 2 what stands for parts of the runtime itself, from where most of its own memory is reached.
inline constexpr std::size_t kOwnerTiers = 3;
[[nodiscard]] std::vector<std::uint8_t> ownerTiers(const std::vector<GraphType>& types);

//! \brief The order in which types count where nothing else tells: by tier, then by name, so that it is the
//! same in each reading of a process.
[[nodiscard]] std::vector<std::uint32_t> rankTypes(const std::vector<GraphType>& types,
                                                   const std::vector<std::uint8_t>& tiers);

} // namespace firstchance
