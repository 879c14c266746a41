#include "clr/handle_counts.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "clr/gc_dac_vars.h"
#include "clr/handle_tables.h"
#include "clr/handles.h"

namespace firstchance {
namespace {

constexpr std::size_t kMostHandleSegments = 1'000'000;
constexpr auto kDependent = static_cast<std::size_t>(GcHandle::Kind::Dependent);

//! \brief Handles of one kind that are marked as given out although they lie in a cache of free ones;
//! dotnet/runtime src/coreclr/gc/handletablepriv.h.
struct TypeCache {
    static constexpr std::size_t kBank = 63;
    std::array<std::uint64_t, kBank> reserve;
    std::int32_t reserveIndex; //!< handles from here on are taken; negative while they are
    std::array<std::uint64_t, kBank> free;
    std::int32_t freeIndex; //!< handles from here on lie in it
};
static_assert(sizeof(TypeCache) == 1024);

using Kinds = std::vector<std::uint64_t>;

class TableCounter {
public:
    TableCounter(Dac& dac, const HandleTableLayout& layout, Address table)
        : dac_(dac), layout_(layout), table_(table), used_(layout.kinds()) {}

    //! \brief Handles in use by kind; nothing if a part of the table is not as expected.
    std::optional<Kinds> count() { return countSegments() ? withoutCached() : std::nullopt; }

private:
    // The caches follow a lock whose size differs by version and, each in its natural place, the number of
    // kinds, the number of handles given out (both 32 bits), a pointer and an index. Two numbers known and
    // every cached handle one of this table: that is nowhere else.
    static constexpr std::uint64_t kMostLockBytes = 256;
    static constexpr std::uint32_t kMostUnderWay = 256; //!< given out or freed at this moment

    bool countSegments() {
        auto next = dac_.readValue<std::uint64_t>(table_ + layout_.segmentList());
        for (; next && *next != 0 && segments_.size() < kMostHandleSegments;
             next = dac_.readValue<std::uint64_t>(Address(*next) + layout_.nextSegment())) {
            const auto segment = dac_.readValue<HandleSegment>(Address(*next));
            if (!segment) {
                return false;
            }
            segments_.push_back(*next);
            for (std::size_t block = 0; block < HandleSegment::kBlocks; ++block) {
                const std::size_t kind = segment->kinds[block];
                if (kind < used_.size()) {
                    used_[kind] += bitsOf(~segment->freeMasks[block]);
                    dependent_ += kind == kDependent ? objectsIn(Address(*next), block) : 0;
                }
            }
        }
        std::sort(segments_.begin(), segments_.end());
        return next == std::uint64_t{0};
    }

    static std::uint64_t bitsOf(std::uint64_t mask) {
        return static_cast<std::uint64_t>(std::popcount(mask));
    }

    //! \brief Handles of a block that have an object.
    std::uint64_t objectsIn(Address segment, std::size_t block) {
        constexpr std::size_t kHandlesPerBlock = 64;
        using Block = std::array<std::uint64_t, kHandlesPerBlock>;
        const auto values =
            dac_.readValue<Block>(segment + (HandleSegment::kHandles + sizeof(Block) * std::uint64_t{block}));
        return values ? kHandlesPerBlock -
                            static_cast<std::uint64_t>(std::count(values->begin(), values->end(), 0U))
                      : 0;
    }

    std::optional<Kinds> withoutCached() {
        const std::uint64_t lock = layout_.segmentList() + 8;
        for (std::uint64_t offset = lock; offset <= lock + kMostLockBytes; offset += 4) {
            const auto numbers = dac_.readValue<std::array<std::uint32_t, 2>>(table_ + offset);
            if (numbers && (*numbers)[0] > 0 && (*numbers)[0] <= used_.size() && isAllUsed((*numbers)[1])) {
                const Address quick = table_ + ((offset + 8 + 7) / 8 * 8 + 16);
                if (auto result = withoutCachedAt(quick, (*numbers)[0])) {
                    return result;
                }
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] bool isAllUsed(std::uint32_t count) const {
        const std::uint64_t used = std::accumulate(used_.begin(), used_.end(), std::uint64_t{0});
        return count + std::uint64_t{kMostUnderWay} >= used && count <= used + kMostUnderWay;
    }

    //! \brief With the quick caches, one handle of each kind, at \p quick and \p kinds others behind them.
    std::optional<Kinds> withoutCachedAt(Address quick, std::size_t kinds) {
        const Address main = quick + 8 * std::uint64_t{layout_.kinds() + 1};
        Kinds result = used_;
        for (std::size_t kind = 0; kind < kinds; ++kind) {
            const auto one = dac_.readValue<std::uint64_t>(quick + 8 * std::uint64_t{kind});
            const auto cache = dac_.readValue<TypeCache>(main + sizeof(TypeCache) * std::uint64_t{kind});
            const auto cached = one && cache && isHandle(*one) ? cachedBy(*cache) : std::nullopt;
            if (!cached) {
                return std::nullopt;
            }
            result[kind] -= std::min(result[kind], *cached + (*one == 0 ? 0U : 1U));
        }
        result[kDependent] = dependent_;
        return result;
    }

    [[nodiscard]] std::optional<std::uint64_t> cachedBy(const TypeCache& cache) const {
        constexpr auto kBank = static_cast<std::int32_t>(TypeCache::kBank);
        if (cache.reserveIndex > kBank || cache.freeIndex > kBank) {
            return std::nullopt;
        }
        const auto reserve =
            std::span(cache.reserve).first(static_cast<std::size_t>(std::max(0, cache.reserveIndex)));
        const auto free =
            std::span(cache.free).subspan(static_cast<std::size_t>(std::max(0, cache.freeIndex)));
        const auto fits = [this](std::uint64_t handle) { return isHandle(handle); };
        return std::all_of(reserve.begin(), reserve.end(), fits) &&
                       std::all_of(free.begin(), free.end(), fits)
                   ? std::optional<std::uint64_t>(reserve.size() + free.size())
                   : std::nullopt;
    }

    //! \brief Null, or the address of a handle in this table.
    [[nodiscard]] bool isHandle(std::uint64_t value) const {
        return value == 0 ||
               (value % 8 == 0 && value % HandleSegment::kSize >= HandleSegment::kHandles &&
                std::binary_search(segments_.begin(), segments_.end(), value - value % HandleSegment::kSize));
    }

    Dac& dac_;
    HandleTableLayout layout_;
    Address table_;
    Kinds used_;
    std::uint64_t dependent_ = 0; //!< with an object
    std::vector<std::uint64_t> segments_;
};

std::optional<Kinds> countInTables(Dac& dac) {
    const auto vars = findGcDacVars(dac);
    const auto found = vars ? findHandleTables(dac, vars->handleTableMap) : std::nullopt;
    if (!found) {
        return std::nullopt;
    }
    Kinds sum(found->layout.kinds());
    for (const Address table : found->tables) {
        const auto counts = TableCounter(dac, found->layout, table).count();
        if (!counts) {
            return std::nullopt;
        }
        std::transform(sum.begin(), sum.end(), counts->begin(), sum.begin(), std::plus<>());
    }
    return sum;
}

} // namespace

HandleCounts countHandles(Dac& dac) {
    HandleCounts counts;
    const auto add = [&counts](std::size_t kind, std::uint64_t handles) {
        counts.all += handles;
        counts.byKind[std::min(kind, counts.byKind.size() - 1)] += handles;
    };
    if (const auto kinds = countInTables(dac)) {
        for (std::size_t kind = 0; kind < kinds->size(); ++kind) {
            add(kind, (*kinds)[kind]);
        }
        return counts;
    }
    const GcHandles listed = readHandles(dac);
    for (std::size_t kind = 0; kind < listed.byKind.size(); ++kind) {
        add(kind, listed.byKind[kind]);
    }
    counts.complete = listed.complete;
    counts.why = listed.why;
    return counts;
}

} // namespace firstchance
