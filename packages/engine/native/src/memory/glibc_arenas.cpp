#include "memory/glibc_arenas.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "memory/glibc_layout.h"

namespace firstchance {
namespace {

using namespace glibc;

constexpr std::size_t kMostArenas = 4096;
//! \brief Of the empty bins, how many must point at themselves: a coincidence of that many is no coincidence.
constexpr std::size_t kSelfLinked = 40;

//! \brief The address that the head of a bin would have as a chunk.
std::uint64_t binAt(Address arena, std::size_t bin) {
    return arena.value() + offsetof(Arena, bins) + bin * 16 - 16;
}

bool isPlausible(const Arena& arena) {
    return arena.systemBytes != 0 && arena.systemBytes <= arena.mostSystemBytes &&
           arena.systemBytes < (1ULL << 46U) && arena.systemBytes % 4096 == 0 && arena.top != 0 &&
           arena.top % 16 == 0 && arena.attachedThreads < 1'000'000 && arena.next != 0 && arena.next % 8 == 0;
}

std::optional<Address> findMainArena(const ProcessImage& image, const Mapping& mapping) {
    if (mapping.range.size() > (16U << 20U)) {
        return std::nullopt;
    }
    std::vector<std::byte> data(mapping.range.size());
    data.resize(image.read(mapping.range.begin, data));
    // Empty bins look alike, so a few bins beside the arena there may seem to be one too, with the map of
    // bins for its sizes. The arena itself has the most empty bins.
    std::optional<Address> found;
    std::size_t most = kSelfLinked;
    for (std::size_t offset = 0; offset + sizeof(Arena) <= data.size(); offset += 8) {
        const Address at = mapping.range.begin + offset;
        std::uint64_t first = 0;
        // Most places are told by one word: the last bin is never used, that before it has the largest
        // chunks.
        std::memcpy(&first, data.data() + offset + offsetof(Arena, bins) + 16 * (kBins - 1), sizeof first);
        if (first != binAt(at, kBins - 1)) {
            continue;
        }
        Arena arena{};
        std::memcpy(&arena, data.data() + offset, sizeof arena);
        std::size_t selfLinked = 0;
        for (std::size_t bin = 0; bin < kBins; ++bin) {
            selfLinked += arena.bins[2 * bin] == binAt(at, bin) ? 1U : 0U;
        }
        if (selfLinked > most && isPlausible(arena)) {
            found = at;
            most = selfLinked;
        }
    }
    return found;
}

//! \brief The free bytes of one arena; nothing when a list does not hold together.
class FreeBytes {
public:
    FreeBytes(const ProcessImage& image, Address address, const Arena& arena)
        : image_(image), address_(address), arena_(arena) {}

    std::optional<std::uint64_t> count() {
        if (!add(arena_.top, 16)) {
            return std::nullopt;
        }
        for (std::size_t bin = 0; bin < kBins; ++bin) {
            if (!countBin(bin)) {
                return std::nullopt;
            }
        }
        for (const std::uint64_t head : arena_.fastBins) {
            if (!countFastBin(head)) {
                return std::nullopt;
            }
        }
        return total_ <= arena_.systemBytes ? std::optional(total_) : std::nullopt;
    }

    //! \brief The free chunks that are not marked so, as count() met them.
    [[nodiscard]] const std::vector<Address>& fastChunks() const { return fastChunks_; }

private:
    std::optional<Chunk> add(std::uint64_t address, std::uint64_t smallest) {
        const auto chunk = address % 16 == 0 ? image_.readValue<Chunk>(Address(address)) : std::nullopt;
        if (!chunk) {
            return std::nullopt;
        }
        const std::uint64_t size = chunk->size & kSizeMask;
        if (size < smallest || size % 16 != 0 || size > arena_.systemBytes ||
            ++chunks_ > arena_.systemBytes / 16) {
            return std::nullopt; // not a chunk, or a list that has become a ring
        }
        total_ += size;
        return chunk;
    }

    bool countBin(std::size_t bin) {
        const std::uint64_t self = binAt(address_, bin);
        std::uint64_t previous = self;
        for (std::uint64_t at = arena_.bins[2 * bin]; at != self;) {
            if (at == 0 && previous == self) {
                return true; // bins of an arena that was never used
            }
            const auto chunk = add(at, kSmallestChunk);
            if (!chunk || chunk->backward != previous) {
                return false;
            }
            previous = at;
            at = chunk->forward;
        }
        return previous == self || arena_.bins[2 * bin + 1] == previous;
    }

    bool countFastBin(std::uint64_t head) {
        for (std::uint64_t at = head; at != 0;) {
            const auto chunk = add(at, kSmallestChunk);
            if (!chunk) {
                return false;
            }
            fastChunks_.emplace_back(at);
            at = decodeLink(chunk->forward, at);
        }
        return true;
    }

    const ProcessImage& image_;
    Address address_;
    const Arena& arena_;
    std::uint64_t total_ = 0;
    std::uint64_t chunks_ = 0;
    std::vector<Address> fastChunks_;
};

std::string_view baseName(const Mapping& mapping) {
    const std::string_view path = mapping.path;
    return path.substr(path.rfind('/') + 1);
}

} // namespace

bool isGlibc(const Mapping& mapping) {
    const auto name = baseName(mapping);
    return name == "libc.so.6" || (name.starts_with("libc-2.") && name.ends_with(".so"));
}

bool isOtherAllocator(const Mapping& mapping) {
    const auto name = baseName(mapping);
    const auto has = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
    return mapping.isFile() && name.starts_with("lib") && name.find(".so") != std::string_view::npos &&
           (has("jemalloc") || has("tcmalloc") || has("mimalloc") || has("hoard") || has("snmalloc") ||
            has("rpmalloc"));
}

std::optional<GlibcArenas> readGlibcArenas(const ProcessImage& image) {
    const auto mappings = image.mappings();
    if (std::any_of(mappings.begin(), mappings.end(), isOtherAllocator)) {
        return std::nullopt;
    }
    std::optional<Address> mainArena;
    for (const Mapping& mapping : mappings) {
        if (!mainArena && mapping.writable && !mapping.shared && isGlibc(mapping)) {
            mainArena = findMainArena(image, mapping);
        }
    }
    if (!mainArena) {
        return std::nullopt;
    }
    GlibcArenas result;
    Address at = *mainArena;
    do {
        const auto arena = image.readValue<Arena>(at);
        if (!arena || !isPlausible(*arena) || result.arenas.size() >= kMostArenas) {
            return std::nullopt;
        }
        FreeBytes freeBytes(image, at, *arena);
        const auto free = freeBytes.count();
        if (!free) {
            return std::nullopt;
        }
        result.arenas.push_back(at);
        result.tops.emplace_back(arena->top);
        result.fastChunks.insert(result.fastChunks.end(), freeBytes.fastChunks().begin(),
                                 freeBytes.fastChunks().end());
        result.systemBytes += arena->systemBytes;
        result.inUseBytes += arena->systemBytes - *free;
        at = Address(arena->next);
    } while (at != *mainArena);
    return result;
}

} // namespace firstchance
