#include "memory/glibc_tcache.h"

#include <array>
#include <optional>

#include "memory/glibc_layout.h"

namespace firstchance::glibc {
namespace {

constexpr std::size_t kLists = 64;
//! \brief The tunable's limit; 7 unless somebody has changed it.
constexpr std::uint16_t kMostInList = 127;

//! \brief struct tcache_perthread_struct.
struct Tcache {
    std::array<std::uint16_t, kLists> counts;
    std::array<std::uint64_t, kLists> entries;
};
static_assert(sizeof(Tcache) + kChunkHeader == kTcacheChunk);

} // namespace

void addCachedBlocks(const ProcessImage& image, Address address, std::vector<Address>& blocks) {
    const auto cache = image.readValue<Tcache>(address);
    const std::size_t known = blocks.size();
    for (std::size_t list = 0; cache && list < kLists; ++list) {
        std::uint64_t at = cache->entries[list];
        bool holds = cache->counts[list] <= kMostInList && (cache->counts[list] > 0) == (at != 0);
        for (std::uint16_t left = holds ? cache->counts[list] : 0; left > 0 && holds; --left) {
            const auto chunk = at % 16 == 0 && at > kChunkHeader
                                   ? image.readValue<Chunk>(Address(at - kChunkHeader))
                                   : std::nullopt;
            holds = chunk && (chunk->size & kSizeMask) == kSmallestChunk + 16 * list;
            if (holds) {
                blocks.emplace_back(at);
                at = decodeLink(chunk->forward, at - kChunkHeader);
            }
        }
        if (!holds) {
            blocks.resize(known);
            return;
        }
    }
}

} // namespace firstchance::glibc
