#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "base/address.h"
#include "base/process_image.h"
#include "clr/gc_heap.h"

namespace firstchance {

//! \brief The part of a heap near some objects.
struct FocusSelection {
    std::vector<Address> objects;      //!< kept, nearest first
    std::vector<AddressRange> memory;  //!< of these objects with their header words, in the same order
    std::vector<Address> methodTables; //!< types of these objects, sorted
    std::uint64_t bytes = 0;           //!< of the pages they lie on, in units of 4096 bytes
    std::uint64_t shortened = 0;       //!< large objects of which only the beginning is kept
    bool everything = true;            //!< all that can be reached is kept
};

//! \brief Walks breadth-first from \p starts (the most important first) by reading objects themselves, and
//! keeps what lies on at most \p budget bytes of pages. Cost and memory follow the budget, not the heap's
//! size. What is no object is passed over.
//!
//! Of an object larger than a sixteenth of the budget only the beginning is kept, and only references in it
//! are followed. Ends early when \p cancelled becomes true.
[[nodiscard]] FocusSelection selectFocus(const ProcessImage& image, const GcHeap& heap,
                                         std::span<const Address> starts, std::uint64_t budget,
                                         const std::atomic<bool>* cancelled = nullptr);

} // namespace firstchance
