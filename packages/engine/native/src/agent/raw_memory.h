#pragma once

#include <cstdint>

namespace firstchance::agent {

//! \brief This process's memory at a number that the runtime or the loader gave us.
template <class T> [[nodiscard]] T* memoryAt(std::uintptr_t address) {
    // Both hand out addresses as numbers.
    return reinterpret_cast<T*>(address); // NOLINT(performance-no-int-to-ptr)
}

} // namespace firstchance::agent
