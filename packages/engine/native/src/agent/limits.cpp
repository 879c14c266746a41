#include "agent/limits.h"

namespace firstchance::agent {
namespace {

bool take(std::atomic<std::uint32_t>* count, std::uint32_t limit) {
    if (count == nullptr) {
        return true;
    }
    std::uint32_t now = count->load(std::memory_order_relaxed);
    do {
        if (limit != 0 && now >= limit) {
            return false;
        }
    } while (!count->compare_exchange_weak(now, now + 1, std::memory_order_relaxed));
    return true;
}

void giveBack(std::atomic<std::uint32_t>* count) {
    if (count != nullptr) {
        count->fetch_sub(1, std::memory_order_relaxed);
    }
}

std::atomic<std::uint32_t>* findCount(ControlLayout& control, std::uint64_t key) {
    if (key == 0) {
        key = 1;
    }
    constexpr std::size_t kProbes = 64;
    for (std::size_t i = 0; i < kProbes; ++i) {
        CounterSlot& slot = control.slots[(key + i) % kCounterSlots];
        std::uint64_t found = slot.key.load(std::memory_order_relaxed);
        if (found == 0 && slot.key.compare_exchange_strong(found, key, std::memory_order_relaxed)) {
            return &slot.count;
        }
        if (found == key) {
            return &slot.count;
        }
    }
    return nullptr;
}

} // namespace

const char* limitName(Limit limit) {
    switch (limit) {
    case Limit::Place: return "per-place";
    case Limit::Type: return "per-type";
    case Limit::Test: return "per-test";
    case Limit::Session: return "per-session";
    case Limit::None: break;
    }
    return "";
}

std::uint64_t hashText(Text text, std::uint64_t seed) {
    std::uint64_t hash = seed;
    for (std::size_t i = 0; i < text.size; ++i) {
        hash = (hash ^ static_cast<unsigned char>(text[i])) * 0x100000001b3ULL;
    }
    return hash;
}

Limit takeFromLimits(ControlLayout& control, std::uint64_t placeKey, std::uint64_t typeKey,
                     std::atomic<std::uint32_t>* testCount) {
    constexpr auto kRelaxed = std::memory_order_relaxed;
    // Different hashes, since one table holds both.
    auto* place = findCount(control, placeKey * 0x9e3779b97f4a7c15ULL + 1);
    auto* type = findCount(control, typeKey * 0x9e3779b97f4a7c15ULL + 2);
    if (!take(place, control.perPlace.load(kRelaxed))) {
        return Limit::Place;
    }
    if (!take(type, control.perType.load(kRelaxed))) {
        giveBack(place);
        return Limit::Type;
    }
    if (!take(testCount, control.perTest.load(kRelaxed))) {
        giveBack(place);
        giveBack(type);
        return Limit::Test;
    }
    if (!take(&control.sessionCount, control.perSession.load(kRelaxed))) {
        giveBack(place);
        giveBack(type);
        giveBack(testCount);
        return Limit::Session;
    }
    return Limit::None;
}

} // namespace firstchance::agent
