#pragma once

#include <atomic>
#include <functional>

#include "base/address.h"
#include "base/process_image.h"
#include "clr/gc_heap.h"

namespace firstchance {

//! \brief Calls \p visit with address and MethodTable of each object of the GC heap, free space included, in
//! address order. False when \p cancelled became true.
[[nodiscard]] bool visitObjects(const ProcessImage& image, const GcHeap& heap,
                                const std::atomic<bool>* cancelled,
                                const std::function<void(Address object, Address methodTable)>& visit);

} // namespace firstchance
