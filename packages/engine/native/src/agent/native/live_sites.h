#pragma once

#include <cstdint>

#include "agent/native/resource_table.h"

namespace firstchance::agent {

//! \brief What lives of one stack.
struct LiveSite {
    std::uint32_t samples = 0;
    double count = 0;        //!< estimated
    std::uint64_t bytes = 0; //!< estimated; of private memory only pages that are there
};

//! \brief Sums up what lives by the stack that took it. \p sums has ResourceTable::kSites elements.
//! Memory that has been unmapped past the hooks does not count.
void sumLiveSites(const ResourceTable& table, std::uint64_t period, LiveSite* sums);

} // namespace firstchance::agent
