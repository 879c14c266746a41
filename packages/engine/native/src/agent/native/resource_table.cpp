#include "agent/native/resource_table.h"

#include <string.h>

#include "agent/stack_hash.h"

namespace firstchance::agent {
namespace {

constexpr std::size_t kBucketProbes = 4;
constexpr std::size_t kSiteProbes = 64;

std::size_t bucketOf(std::uint64_t key) {
    return (key * 0x9e3779b97f4a7c15ULL >> 40U) % ResourceTable::kBuckets;
}

} // namespace

std::uint32_t ResourceTable::siteOf(Resource resource, const std::uintptr_t* frames, std::size_t count) {
    std::uint64_t hash = mixStackHash(kStackHashBegin, static_cast<std::uint64_t>(resource));
    for (std::size_t i = 0; i < count; ++i) {
        hash = mixStackHash(hash, frames[i]);
    }
    hash |= 1U;
    for (std::size_t probe = 0; probe < kSiteProbes; ++probe) {
        const std::size_t index = (hash / 2 + probe) % kSites;
        std::uint64_t there = hashes_[index].load(std::memory_order_acquire);
        if (there == 0 && hashes_[index].compare_exchange_strong(there, hash, std::memory_order_acq_rel)) {
            // Read only after all threads have left, so it need not be whole yet when another one uses it.
            ResourceSite& site = sites_[index];
            site.hash = hash;
            site.resource = resource;
            site.frameCount = static_cast<std::uint32_t>(count);
            ::memcpy(site.frames, frames, count * sizeof *frames);
            return static_cast<std::uint32_t>(index);
        }
        if (there == hash) {
            return static_cast<std::uint32_t>(index);
        }
    }
    dropped_.fetch_add(1, std::memory_order_relaxed);
    return kNoSite;
}

bool ResourceTable::add(std::uint64_t key, const LiveResource& resource) {
    std::size_t index = bucketOf(key);
    for (std::size_t probe = 0; probe < kBucketProbes; ++probe, index = (index + 1) % kBuckets) {
        Bucket& bucket = buckets_[index];
        for (std::size_t i = 0; i < kKeys; ++i) {
            std::uint64_t there = bucket.keys[i].load(std::memory_order_relaxed);
            if (there == 0 &&
                bucket.keys[i].compare_exchange_strong(there, kBusy, std::memory_order_acq_rel)) {
                values_[index * kKeys + i] = resource;
                bucket.keys[i].store(key, std::memory_order_release);
                return true;
            }
        }
        bucket.overflowed.store(1, std::memory_order_release);
    }
    dropped_.fetch_add(1, std::memory_order_relaxed);
    return false;
}

bool ResourceTable::remove(std::uint64_t key, LiveResource* out) {
    std::size_t index = bucketOf(key);
    for (std::size_t probe = 0; probe < kBucketProbes; ++probe, index = (index + 1) % kBuckets) {
        Bucket& bucket = buckets_[index];
        for (std::size_t i = 0; i < kKeys; ++i) {
            if (bucket.keys[i].load(std::memory_order_acquire) == key) {
                const LiveResource value = values_[index * kKeys + i];
                std::uint64_t there = key;
                if (bucket.keys[i].compare_exchange_strong(there, 0, std::memory_order_acq_rel)) {
                    if (out != nullptr) {
                        *out = value;
                    }
                    return true;
                }
            }
        }
        if (bucket.overflowed.load(std::memory_order_acquire) == 0) {
            return false;
        }
    }
    return false;
}

} // namespace firstchance::agent
