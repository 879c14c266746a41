#include "agent/sample_table.h"

#include <sys/mman.h>

namespace firstchance::agent {
namespace {

constexpr std::size_t kProbes = 64;

} // namespace

SampleTable* SampleTable::create() {
    void* memory = ::mmap(nullptr, sizeof(SampleTable), PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    // Zero pages are the initial state; a constructor would touch all of them.
    return memory == MAP_FAILED ? nullptr : static_cast<SampleTable*>(memory);
}

void SampleTable::destroy(SampleTable* table) {
    ::munmap(table, sizeof(SampleTable));
}

AllocationSite* SampleTable::findSite(std::uint64_t hash) const {
    for (std::size_t i = 0; i < kProbes; ++i) {
        AllocationSite* site = siteAt((hash + i) % kPlaces);
        if (site == nullptr || site->hash == hash) {
            return site;
        }
    }
    return nullptr;
}

AllocationSite* SampleTable::makeSite() {
    const std::size_t index = siteCount_.fetch_add(1, std::memory_order_relaxed);
    if (index >= kMaxSites) {
        siteCount_.store(kMaxSites, std::memory_order_relaxed);
        overflow_.store(true, std::memory_order_relaxed);
        return nullptr;
    }
    return &sites_[index];
}

AllocationSite* SampleTable::publish(AllocationSite* site) {
    for (std::size_t i = 0; i < kProbes; ++i) {
        std::atomic<AllocationSite*>& place = places_[(site->hash + i) % kPlaces];
        AllocationSite* there = nullptr;
        if (place.compare_exchange_strong(there, site, std::memory_order_acq_rel)) {
            return site;
        }
        if (there->hash == site->hash) {
            return there;
        }
    }
    overflow_.store(true, std::memory_order_relaxed);
    return nullptr;
}

bool SampleTable::add(const AllocationSample& sample) {
    const std::size_t index = count_.fetch_add(1, std::memory_order_acq_rel);
    if (index >= kMaxSamples) {
        count_.store(kMaxSamples, std::memory_order_relaxed);
        overflow_.store(true, std::memory_order_relaxed);
        return false;
    }
    samples_[index] = sample;
    return true;
}

} // namespace firstchance::agent
