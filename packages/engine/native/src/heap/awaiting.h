#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "clr/dac.h"
#include "clr/gc_heap.h"

namespace firstchance {

//! \brief A pending async method, and what it waits for.
struct AsyncNode {
    std::string method; //!< "Shop.Cart.LoadAsync"; of a leaf that is no async method its type, e.g. a
                        //!< TaskCompletionSource's task
    std::string module;
    std::string modulePath;
    std::uint32_t token = 0; //!< of the state machine's MoveNext; 0 for a leaf that is no async method
    std::int32_t state = 0;  //!< of the state machine: the number of the await it stands at
    std::vector<AsyncNode> awaits;
};

struct AwaitingLimits {
    std::size_t machines = 10'000; //!< state machines looked at
    std::size_t nodes = 5'000;     //!< nodes returned
    std::chrono::milliseconds time{5000};
};

//! \brief The pending async methods of the heap as trees: a root is a method nobody is known to await, its
//! `awaits` what it stands at. Fails with Cancelled when \p cancelled becomes true.
[[nodiscard]] Result<std::vector<AsyncNode>> readAwaiting(Dac& dac, const GcHeap& heap,
                                                          const std::atomic<bool>* cancelled = nullptr,
                                                          const AwaitingLimits& limits = {});

} // namespace firstchance
