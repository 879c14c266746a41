#include "agent/native/live_sites.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "agent/native/sampling_rate.h"
#include "agent/raw_memory.h"

namespace firstchance::agent {
namespace {

constexpr std::uint64_t kPageBytes = 4096;
constexpr std::uint64_t kAddressBits = (std::uint64_t{1} << 48U) - 1;

//! Bytes of pages that are in memory, or false when nothing is mapped there any more.
bool residentBytes(std::uint64_t address, std::uint64_t bytes, std::uint64_t& resident) {
    constexpr std::uint64_t kPages = 1024;
    unsigned char pages[kPages];
    bool mapped = false;
    resident = 0;
    for (std::uint64_t at = 0; at < bytes; at += kPages * kPageBytes) {
        const std::uint64_t part = bytes - at < kPages * kPageBytes ? bytes - at : kPages * kPageBytes;
        if (::mincore(memoryAt<void>(address + at), part, pages) != 0) {
            continue; // a part of it has been unmapped
        }
        mapped = true;
        for (std::uint64_t i = 0; i < (part + kPageBytes - 1) / kPageBytes; ++i) {
            resident += (pages[i] & 1U) != 0 ? kPageBytes : 0;
        }
    }
    return mapped;
}

} // namespace

void sumLiveSites(const ResourceTable& table, std::uint64_t period, LiveSite* sums) {
    table.forEach([&](std::uint64_t key, const LiveResource& live) {
        LiveSite& sum = sums[live.site];
        const std::uint64_t value = key & kAddressBits;
        double count = 1;
        std::uint64_t bytes = live.bytes;
        std::uint64_t resident = 0;
        switch (table.site(live.site).resource) {
        case Resource::Block:
            count = period > 1 ? 1 / chanceOfSample(live.bytes > 0 ? live.bytes : 1, period) : 1;
            bytes = static_cast<std::uint64_t>(static_cast<double>(live.bytes) * count);
            break;
        case Resource::Anonymous:
            if (!residentBytes(value, live.bytes, resident)) {
                return;
            }
            bytes = resident;
            break;
        case Resource::Mapped:
            if (!residentBytes(value, live.bytes, resident)) {
                return;
            }
            break;
        case Resource::Descriptor:
        case Resource::Socket:
            if (::fcntl(static_cast<int>(value), F_GETFD) < 0) {
                return;
            }
            break;
        }
        ++sum.samples;
        sum.count += count;
        sum.bytes += bytes;
    });
}

} // namespace firstchance::agent
