#include "agent/address_map.h"

#include <sys/mman.h>

namespace firstchance::agent {
namespace {

constexpr std::uint64_t kItemMask = (1ULL << Arena::kIndexBits) - 1;

std::uint64_t keyOf(std::uintptr_t address) {
    return static_cast<std::uint64_t>(address >> 3) << Arena::kIndexBits;
}

std::size_t hashOf(std::uint64_t key) {
    return static_cast<std::size_t>(((key >> Arena::kIndexBits) * 0x9e3779b97f4a7c15ULL) >> 40);
}

} // namespace

std::uint32_t AddressMap::find(std::uintptr_t address) const {
    const Table* table = table_.load(std::memory_order_acquire);
    if (table == nullptr) {
        return 0;
    }
    const std::uint64_t key = keyOf(address);
    for (std::size_t i = hashOf(key), tries = 0; tries <= table->mask; ++i, ++tries) {
        const std::uint64_t entry = table->entries[i & table->mask].load(std::memory_order_acquire);
        if ((entry & ~kItemMask) == key && entry != 0) {
            return static_cast<std::uint32_t>(entry & kItemMask);
        }
        if (entry == 0) {
            return 0;
        }
    }
    return 0;
}

void AddressMap::insert(std::uintptr_t address, std::uint32_t item) {
    if (find(address) != 0) {
        return;
    }
    Table* table = table_.load(std::memory_order_relaxed);
    if (table == nullptr || (used_ + 1) * 2 > table->mask + 1) {
        Table* larger = makeTable(table == nullptr ? 1024 : (table->mask + 1) * 2);
        if (larger == nullptr) {
            return;
        }
        for (std::size_t i = 0; table != nullptr && i <= table->mask; ++i) {
            const std::uint64_t entry = table->entries[i].load(std::memory_order_relaxed);
            if (entry != 0) {
                place(*larger, entry);
            }
        }
        // The old table stays: a reader may be in it. All old ones together are smaller than the new one.
        table_.store(larger, std::memory_order_release);
        table = larger;
    }
    place(*table, keyOf(address) | item);
    ++used_;
}

void AddressMap::clear() {
    Table* table = table_.load(std::memory_order_relaxed);
    for (std::size_t i = 0; table != nullptr && i <= table->mask; ++i) {
        table->entries[i].store(0, std::memory_order_release);
    }
    used_ = 0;
}

AddressMap::Table* AddressMap::makeTable(std::size_t capacity) {
    const std::size_t bytes = sizeof(Table) + capacity * sizeof(std::uint64_t);
    void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return nullptr;
    }
    auto* table = static_cast<Table*>(memory);
    table->mask = capacity - 1;
    return table;
}

void AddressMap::place(Table& table, std::uint64_t entry) {
    std::size_t i = hashOf(entry & ~kItemMask);
    while (table.entries[i & table.mask].load(std::memory_order_relaxed) != 0) {
        ++i;
    }
    table.entries[i & table.mask].store(entry, std::memory_order_release);
}

} // namespace firstchance::agent
