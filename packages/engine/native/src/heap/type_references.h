#pragma once

#include <cstdint>

#include "heap/heap_types.h"

namespace firstchance {

//! \brief Calls \p visit with the offset of each reference that lies whole below \p limit in an object of
//! \p type and \p size bytes (not rounded).
template <class Visit> void forEachReference(const HeapTypes& types, const HeapType& type, std::uint64_t size,
                                             std::uint64_t limit, Visit visit) {
    const auto visitRun = [&](std::uint64_t at, std::uint64_t end) {
        for (; at + 8 <= end && at + 8 <= limit; at += 8) {
            visit(at);
        }
        return at;
    };
    if (type.references == HeapType::References::StructArray) {
        // The header word of the next object belongs to the size of this one. A type whose runs do not make a
        // step was refused when it was read.
        for (std::uint64_t at = type.elementsOffset; at + 8 < size && at + 8 <= limit;) {
            for (const HeapTypes::Run& run : types.runs(type)) {
                at = visitRun(at, at + 8 * std::uint64_t{run.count}) + run.offset;
            }
        }
        return;
    }
    for (const HeapTypes::Run& run : types.runs(type)) {
        const bool fixed = type.references == HeapType::References::Fixed;
        visitRun(run.offset, fixed ? run.offset + 8 * std::uint64_t{run.count} : size - run.count);
    }
}

} // namespace firstchance
