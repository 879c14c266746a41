#pragma once

#include <pthread.h>

#include <cstddef>
#include <cstdint>

namespace firstchance::agent {

//! \brief A mutex that needs no constructor at load time.
class Lock {
public:
    explicit Lock(pthread_mutex_t& mutex) : mutex_(mutex) { ::pthread_mutex_lock(&mutex_); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    ~Lock() { ::pthread_mutex_unlock(&mutex_); }

private:
    pthread_mutex_t& mutex_;
};

//! \brief Memory that is handed out and never taken back: names of types and modules, each kept once.
//!
//! Reserved once (16 MB of address space, used page by page) so that an item is known by 19 bits. Callers
//! lock.
class Arena {
public:
    static constexpr std::size_t kAlignment = 32;
    static constexpr unsigned kIndexBits = 19;
    static constexpr std::size_t kBytes = kAlignment << kIndexBits;

    //! \brief Zeroed memory, or null when the arena is full.
    [[nodiscard]] void* allocate(std::size_t bytes);
    [[nodiscard]] std::uint32_t indexOf(const void* item) const {
        return static_cast<std::uint32_t>((static_cast<const char*>(item) - base_) / kAlignment);
    }
    [[nodiscard]] void* at(std::uint32_t index) const { return base_ + index * kAlignment; }

private:
    char* base_ = nullptr;
    std::size_t used_ = kAlignment; // index 0 is nobody's
};

} // namespace firstchance::agent
