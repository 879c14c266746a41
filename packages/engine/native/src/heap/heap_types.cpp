#include "heap/heap_types.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace firstchance {
namespace {

constexpr std::uint32_t kHasComponentSize = 0x80000000;
constexpr std::uint32_t kContainsPointers = 0x01000000;
constexpr std::uint32_t kCollectible = 0x00200000;
constexpr std::uint32_t kSmallestBaseSize = 16;
constexpr std::uint32_t kLargestBaseSize = 0x10000000;
constexpr std::int64_t kMostSeries = 100'000;
constexpr std::size_t kMostEntries = std::size_t{1} << 24U;
constexpr unsigned kFirstPower = 12;

constexpr HeapTypes::Entry kNone;

struct Series {
    std::int64_t size;
    std::uint64_t offset;
};

} // namespace

HeapTypes::HeapTypes(const ProcessImage& image, Address freeType)
    : image_(image), freeType_(freeType), entries_(std::size_t{1} << kFirstPower), shift_(64 - kFirstPower) {}

std::size_t HeapTypes::slotOf(std::uint64_t methodTable) const {
    std::size_t slot = hashOf(methodTable);
    while (entries_[slot].methodTable != 0 && entries_[slot].methodTable != methodTable) {
        slot = (slot + 1) & (entries_.size() - 1);
    }
    return slot;
}

bool HeapTypes::isKnown(std::uint64_t methodTable) const {
    return methodTable != 0 && entries_[slotOf(methodTable)].number != kNoType;
}

const HeapTypes::Entry& HeapTypes::lookUp(std::uint64_t methodTable) {
    if (methodTable == 0) {
        return kNone;
    }
    const Entry& entry = entries_[slotOf(methodTable)];
    return entry.methodTable != 0 ? entry : add(methodTable);
}

void HeapTypes::grow() {
    std::vector<Entry> old(entries_.size() * 2);
    old.swap(entries_);
    shift_ -= 1;
    for (const Entry& entry : old) {
        if (entry.methodTable != 0) {
            entries_[slotOf(entry.methodTable)] = entry;
        }
    }
}

const HeapTypes::Entry& HeapTypes::add(std::uint64_t methodTable) {
    if (used_ * 2 >= entries_.size()) {
        if (entries_.size() >= kMostEntries) {
            return kNone; // millions of words that are no types: corrupt memory
        }
        grow();
    }
    HeapType type;
    type.methodTable = Address(methodTable);
    Entry entry;
    entry.methodTable = methodTable;
    if (readType(type)) {
        entry.number = size();
        // Rounding up adds 7; 17 to 24 bytes are a smallest object.
        entry.roundedBase = std::max(type.baseSize, kSmallestBaseSize + 1) + 7;
        entry.componentSize = type.componentSize;
        types_.push_back(type);
    }
    used_ += 1;
    return entries_[slotOf(methodTable)] = entry;
}

bool HeapTypes::readType(HeapType& type) {
    struct Start {
        std::uint32_t flags, baseSize;
    };
    const auto start =
        type.methodTable.value() % 8 == 0 ? image_.readValue<Start>(type.methodTable) : std::nullopt;
    if (!start || start->baseSize < kSmallestBaseSize || start->baseSize > kLargestBaseSize) {
        return false;
    }
    type.baseSize = start->baseSize;
    type.componentSize =
        static_cast<std::uint16_t>((start->flags & kHasComponentSize) != 0 ? start->flags & 0xFFFFU : 0);
    type.collectibleFlag = (start->flags & kCollectible) != 0;
    type.isFree = type.methodTable == freeType_;
    type.valid = type.isFree || (start->flags & kContainsPointers) == 0 || readReferences(type);
    return type.valid;
}

//! The GCDesc grows downwards from the MethodTable: the number of series, then each series' size (less the
//! object's size) and offset. A negative number means an array of structs: offset of the elements, then pairs
//! of 32 bit, references and bytes to skip (dotnet/runtime src/coreclr/gc/gcdesc.h).
bool HeapTypes::readReferences(HeapType& type) {
    const auto count = image_.readValue<std::int64_t>(type.methodTable - 8);
    if (!count || *count == 0 || *count > kMostSeries || *count < -kMostSeries) {
        return false;
    }
    type.firstRun = static_cast<std::uint32_t>(runs_.size());
    type.runCount = static_cast<std::uint32_t>(*count > 0 ? *count : -*count);
    if (*count < 0) {
        type.references = HeapType::References::StructArray;
        std::vector<std::uint64_t> words(type.runCount + 1U);
        const auto bytes = std::as_writable_bytes(std::span(words));
        // The first reference of an element may lie anywhere in it.
        if (image_.read(type.methodTable - 8 - bytes.size(), bytes) != bytes.size() ||
            words.back() >= type.baseSize + std::uint64_t{type.componentSize}) {
            return false;
        }
        type.elementsOffset = static_cast<std::uint32_t>(words.back());
        std::uint64_t step = 0;
        for (std::uint32_t i = 0; i < type.runCount; ++i) {
            const std::uint64_t word = words[type.runCount - 1 - i];
            runs_.push_back({static_cast<std::uint32_t>(word >> 32U), static_cast<std::uint32_t>(word)});
            step += runs_.back().offset + 8 * std::uint64_t{runs_.back().count};
        }
        return step > 0 && step == type.componentSize;
    }
    type.references = type.componentSize != 0 ? HeapType::References::Array : HeapType::References::Fixed;
    std::vector<Series> series(type.runCount);
    const auto bytes = std::as_writable_bytes(std::span(series));
    if (image_.read(type.methodTable - 8 - bytes.size(), bytes) != bytes.size()) {
        return false;
    }
    for (auto one = series.rbegin(); one != series.rend(); ++one) {
        const std::int64_t left = one->size + static_cast<std::int64_t>(type.baseSize);
        if (one->offset > type.baseSize || left < 0 ||
            one->offset + static_cast<std::uint64_t>(left) > type.baseSize) {
            return false;
        }
        const bool fixed = type.references == HeapType::References::Fixed;
        runs_.push_back({static_cast<std::uint32_t>(one->offset),
                         fixed ? static_cast<std::uint32_t>(left / 8)
                               : static_cast<std::uint32_t>(type.baseSize - one->offset -
                                                            static_cast<std::uint64_t>(left))});
    }
    return true;
}

} // namespace firstchance
