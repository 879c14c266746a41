#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "agent/clr_api.h"
#include "agent/protocol.h"

namespace firstchance::agent {

//! \brief One managed frame of an allocation.
struct SampledFrame {
    FunctionId function = 0;
    std::uintptr_t address = 0; //!< of the instruction after the call
    ModuleId module = 0;        //!< 0: dynamic code
    MetadataToken method = 0;
};

struct AllocationSample;

//! \brief What samples share: a type and the stack that allocated it, innermost frame first.
struct AllocationSite {
    std::uint64_t hash = 0;
    ClassId type = 0; //!< says nothing when no object of it is alive
    std::uint32_t frameCount = 0;
    // Counted when survivors are read.
    std::uint32_t survivors = 0;
    std::uint64_t survivorBytes = 0;
    const AllocationSample* survivor = nullptr; //!< one of them
    SampledFrame frames[kMaxFrames];
};

struct AllocationSample {
    std::uintptr_t handle = 0; //!< a weak one
    std::uint64_t bytes = 0;
    AllocationSite* site = nullptr;
};

//! \brief Samples and their sites in memory of its own, of a fixed size. Threads add without a lock: they
//! stand in the middle of an allocation, and a collection may wait for them. What does not fit is counted.
class SampleTable {
public:
    static constexpr std::size_t kMaxSamples = std::size_t{1} << 16;
    static constexpr std::size_t kMaxSites = std::size_t{1} << 13;
    static constexpr std::size_t kPlaces = 2 * kMaxSites;

    //! \brief Null when there is no memory. Address space of 10 MB, used page by page.
    [[nodiscard]] static SampleTable* create();
    //! \brief Gives the memory back. Nobody may be using it.
    static void destroy(SampleTable* table);

    [[nodiscard]] AllocationSite* findSite(std::uint64_t hash) const;
    //! \brief A site to be filled and then published. Null when full.
    [[nodiscard]] AllocationSite* makeSite();
    //! \brief Makes a site findable. Another thread's of the same hash is returned instead, if it came first;
    //! null when full.
    [[nodiscard]] AllocationSite* publish(AllocationSite* site);
    //! \brief False when full.
    bool add(const AllocationSample& sample);

    [[nodiscard]] bool full() const { return overflow_.load(std::memory_order_relaxed); }
    //! \brief Samples in it. Only exact when nobody adds.
    [[nodiscard]] std::size_t size() const {
        const std::size_t count = count_.load(std::memory_order_acquire);
        return count < kMaxSamples ? count : kMaxSamples;
    }
    [[nodiscard]] AllocationSample& at(std::size_t index) { return samples_[index]; }
    //! \brief The \p index th place for a site, null when it is free.
    [[nodiscard]] AllocationSite* siteAt(std::size_t index) const {
        return places_[index].load(std::memory_order_acquire);
    }

private:
    SampleTable() = default;

    std::atomic<std::size_t> count_{0};
    std::atomic<std::size_t> siteCount_{0};
    std::atomic<bool> overflow_{false};
    std::atomic<AllocationSite*> places_[kPlaces]; //!< by hash
    AllocationSample samples_[kMaxSamples];
    AllocationSite sites_[kMaxSites];
};

} // namespace firstchance::agent
