#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "agent/arena.h"

namespace firstchance::agent {

//! \brief Maps addresses of the runtime's structures (MethodTable, Module) to arena items. Read without a
//! lock.
//!
//! Address and item share one word, so a reader sees both or neither, also while the map is emptied and
//! filled again: user addresses have at most 48 bits and these structures are aligned to 8, which leaves 19
//! bits.
class AddressMap {
public:
    //! \brief The item's arena index, 0 when unknown.
    [[nodiscard]] std::uint32_t find(std::uintptr_t address) const;
    //! \brief Callers lock against each other. Nothing happens when memory has run out: the next find()
    //! misses.
    void insert(std::uintptr_t address, std::uint32_t item);
    //! \brief Callers lock. Only when the runtime may give an address of the map to something else.
    void clear();

private:
    struct Table {
        std::size_t mask;
        std::atomic<std::uint64_t> entries[1];
    };
    static Table* makeTable(std::size_t capacity);
    static void place(Table& table, std::uint64_t entry);

    std::atomic<Table*> table_{nullptr};
    std::size_t used_ = 0;
};

} // namespace firstchance::agent
