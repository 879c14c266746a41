#pragma once

#include <cstdint>

#include "agent/clr_api.h"

namespace firstchance::agent {

//! \brief What became of a request to sample, whatever is sampled.
struct SamplingOutcome {
    HResult result = kOk;
    std::uint32_t samples = 0;
    std::uint32_t survivors = 0; //!< of the samples, what is still there
    std::uint32_t sites = 0;     //!< told before this
    bool full = false;
};

//! \brief The answer, which comes after all sites.
void tellSampled(const SamplingOutcome& outcome, std::uint64_t sequence);

} // namespace firstchance::agent
