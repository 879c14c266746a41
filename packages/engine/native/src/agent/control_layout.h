#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace firstchance::agent {

//! \brief Bits of ControlLayout::mode.
enum Mode : std::uint32_t {
    kFirstChance = 1,
    kUnhandled = 2,
    kExit = 4,
    kLog = 8,
    kTests = 16,
};

inline constexpr std::uint32_t kControlMagic = 0x43415646; // "FVAC"
//! Agent and engine are installed together; an agent that finds another number declines.
inline constexpr std::uint32_t kControlVersion = 1;
inline constexpr std::size_t kMaxPatternBytes = 0x8000;
inline constexpr std::size_t kSocketPathBytes = 108; //!< sizeof sockaddr_un::sun_path, with the NUL
inline constexpr std::size_t kCounterSlots = 8192;

//! \brief A count that all processes of a session share, found by the hash of what is counted.
struct CounterSlot {
    std::atomic<std::uint64_t> key; //!< 0: free
    std::atomic<std::uint32_t> count;
    std::uint32_t reserved;
};

//! \brief The control file, mapped MAP_SHARED by the engine and by every agent of the session.
//!
//! The engine alone writes the filter, between two increments of `generation` (odd: being written). Agents
//! write the counters. All lock-free: a process may be stopped or killed at any instruction.
struct ControlLayout {
    std::uint32_t magic;
    std::uint32_t version;
    std::uint32_t bytes; //!< sizeof(ControlLayout)
    std::atomic<std::uint32_t> generation;
    std::atomic<std::uint32_t> mode; //!< bits of Mode, 0: quiet
    std::atomic<std::uint32_t> perPlace;
    std::atomic<std::uint32_t> perType;
    std::atomic<std::uint32_t> perTest;
    std::atomic<std::uint32_t> perSession;
    std::atomic<std::uint32_t> timeoutMs;
    std::uint32_t includeCount;
    std::uint32_t excludeCount;
    std::uint32_t declineCount;
    std::uint32_t patternBytes;
    char socketPath[kSocketPathBytes];
    std::uint32_t reserved;

    std::atomic<std::uint64_t> matched;
    std::atomic<std::uint64_t> skipped;
    std::atomic<std::uint64_t> dropped;
    std::atomic<std::uint32_t> sessionCount; //!< asks of the whole session, never above perSession

    //! include, exclude and decline patterns in this order, each ended by NUL
    char patterns[kMaxPatternBytes];
    CounterSlot slots[kCounterSlots];
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free &&
              std::atomic<std::uint32_t>::is_always_lock_free);

} // namespace firstchance::agent
