#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace firstchance::agent {

//! \brief What a program takes from the system and may forget to give back.
enum class Resource : std::uint8_t {
    Block = 0,     //!< of malloc
    Anonymous = 1, //!< private memory without a file, by mmap
    Mapped = 2,    //!< a file or shared memory, by mmap
    Descriptor = 3,
    Socket = 4, //!< a descriptor too
};

inline constexpr std::size_t kMaxNativeFrames = 62;

//! \brief A stack that took resources of one kind. Addresses are those after the calls, innermost first.
struct ResourceSite {
    std::uint64_t hash = 0;
    Resource resource = Resource::Block;
    std::uint32_t frameCount = 0;
    std::uintptr_t frames[kMaxNativeFrames];
};

//! \brief One resource that has been taken and not given back.
struct LiveResource {
    std::uint64_t bytes = 0;
    std::uint32_t site = 0;
};

//! \brief Which resources live, and which stacks took them.
//!
//! Zero pages are its initial state. Threads add and take away without a lock, in the middle of malloc and
//! free. Of fixed size: what does not fit is counted. The keys lie apart from what belongs to them: every
//! free() looks for its address, and one cache line must do.
class ResourceTable {
public:
    static constexpr std::size_t kBuckets = std::size_t{1} << 14;
    static constexpr std::size_t kKeys = 7; //!< of a bucket
    static constexpr std::size_t kSites = std::size_t{1} << 13;
    static constexpr std::uint32_t kNoSite = ~std::uint32_t{0};

    //! \brief A key that no address has by itself: addresses of the user have at most 48 bits.
    [[nodiscard]] static std::uint64_t keyOf(Resource resource, std::uint64_t value) {
        // Who gives back does not say which kind it was.
        const Resource kind = resource == Resource::Mapped   ? Resource::Anonymous
                              : resource == Resource::Socket ? Resource::Descriptor
                                                             : resource;
        const auto tag = static_cast<std::uint64_t>(kind);
        return value | tag << 56U | std::uint64_t{1} << 55U;
    }

    //! \brief The site of these frames, made if there is none; kNoSite when full.
    std::uint32_t siteOf(Resource resource, const std::uintptr_t* frames, std::size_t count);
    //! \brief False when full.
    bool add(std::uint64_t key, const LiveResource& resource);
    //! \brief False when it is not there, which is the rule. \p out may be null.
    bool remove(std::uint64_t key, LiveResource* out);

    //! \brief Calls visit(key, resource) with each that lives. Only exact when nobody changes it.
    template <class Visit> void forEach(Visit visit) const {
        for (std::size_t i = 0; i < kBuckets * kKeys; ++i) {
            const std::uint64_t key = buckets_[i / kKeys].keys[i % kKeys].load(std::memory_order_acquire);
            if (key != 0 && key != kBusy) {
                visit(key, values_[i]);
            }
        }
    }
    [[nodiscard]] const ResourceSite& site(std::uint32_t index) const { return sites_[index]; }
    [[nodiscard]] std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

private:
    static constexpr std::uint64_t kBusy = ~std::uint64_t{0};
    struct alignas(64) Bucket {
        std::atomic<std::uint64_t> keys[kKeys];
        std::atomic<std::uint64_t> overflowed; //!< a key of it lies in a later bucket
    };

    Bucket buckets_[kBuckets];
    LiveResource values_[kBuckets * kKeys];
    ResourceSite sites_[kSites];
    std::atomic<std::uint64_t> hashes_[kSites]; //!< 0: free; set before the site is filled
    std::atomic<std::uint64_t> dropped_;
};

} // namespace firstchance::agent
