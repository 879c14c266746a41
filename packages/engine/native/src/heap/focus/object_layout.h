#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "base/process_image.h"

namespace firstchance {

//! \brief Where objects of a type hold references, read from the MethodTable and the GCDesc before it.
//!
//! Layout: dotnet/runtime src/coreclr/gc/gcdesc.h, the same in .NET 5 to 10 on 64 bit. Before the MethodTable
//! stands the number of series; above zero each is a run of references, below zero one run is repeated for
//! every element of an array of structs.
struct ObjectLayout {
    //! \brief References from \c offset on; \c size plus the object's size is the run's length in bytes.
    struct Series {
        std::uint64_t size;
        std::uint64_t offset;
    };
    //! \brief In an element: so many references, then so many bytes that hold none.
    struct Run {
        std::uint32_t references;
        std::uint32_t skip;
    };

    std::uint32_t baseSize = 0;
    std::uint32_t componentSize = 0; //!< bytes per element of arrays and strings
    std::vector<Series> series;
    std::uint64_t firstElement = 0; //!< with \c runs
    std::vector<Run> runs;

    //! \brief Bytes of an object with \p length elements, rounded up to 8.
    [[nodiscard]] std::uint64_t sizeOf(std::uint32_t length) const {
        return (baseSize + std::uint64_t{componentSize} * length + 7) & ~std::uint64_t{7};
    }
    //! \brief Calls \p visit with the offset of each reference below \p limit in an object of \p size bytes
    //! (not rounded).
    template <class Visit> void forEachReference(std::uint64_t size, std::uint64_t limit, Visit visit) const {
        for (const Series& one : series) {
            const std::uint64_t end = one.offset + (one.size + size);
            for (std::uint64_t at = one.offset; at + 8 <= end && at + 8 <= limit; at += 8) {
                visit(at);
            }
        }
        // The header word of the next object belongs to the size of this one.
        for (std::uint64_t at = firstElement; !runs.empty() && at + 8 < size && at + 8 <= limit;) {
            const std::uint64_t before = at;
            for (const Run& run : runs) {
                for (std::uint32_t i = 0; i < run.references && at + 8 <= limit; ++i, at += 8) {
                    visit(at);
                }
                at += run.skip;
            }
            if (at <= before) {
                return; // damaged: no step forward
            }
        }
    }
};

//! \brief Layouts by MethodTable, each read once.
class ObjectLayouts {
public:
    explicit ObjectLayouts(const ProcessImage& image) : image_(image) {}

    //! \brief Null if there is no MethodTable.
    [[nodiscard]] const ObjectLayout* find(Address methodTable);
    [[nodiscard]] std::vector<Address> methodTables() const;

private:
    [[nodiscard]] std::optional<ObjectLayout> readLayout(Address methodTable) const;

    const ProcessImage& image_;
    std::unordered_map<std::uint64_t, std::optional<ObjectLayout>> layouts_;
};

} // namespace firstchance
