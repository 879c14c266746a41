#pragma once

#include "agent/control_layout.h"
#include "agent/text.h"

namespace firstchance::agent {

enum class Limit { None, Place, Type, Test, Session };

//! \brief The word of docs/engine-rpc.md: "per-place", …
[[nodiscard]] const char* limitName(Limit limit);

//! \brief 64-bit FNV-1a; equal in all processes of a session.
[[nodiscard]] std::uint64_t hashText(Text text, std::uint64_t seed = 0xcbf29ce484222325ULL);

//! \brief Takes one from each of the counts, or nothing when one of them has reached its limit: that one is
//! returned.
//!
//! Counts of types and places live in the control file, \p testCount (may be null) in this process: a test
//! runs in one. When the file has no free slot left, the type or place is not limited; the session still is.
[[nodiscard]] Limit takeFromLimits(ControlLayout& control, std::uint64_t placeKey, std::uint64_t typeKey,
                                   std::atomic<std::uint32_t>* testCount);

} // namespace firstchance::agent
