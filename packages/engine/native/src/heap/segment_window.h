#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/address.h"
#include "base/process_image.h"

namespace firstchance {

//! \brief A moving window of 1 MB over the target's memory, for a walk that goes forward. Pages that cannot
//! be read are zero: in a frozen process those are pages never touched, in a core holes.
class SegmentWindow {
public:
    explicit SegmentWindow(const ProcessImage& image) : image_(image), bytes_(kSize) {}

    //! \brief The 16 bytes at \p address: MethodTable pointer and, of arrays, the length. \p end bounds what
    //! is read ahead.
    struct ObjectStart {
        std::uint64_t methodTable;
        std::uint32_t length;
        std::uint32_t padding;
    };
    [[nodiscard]] ObjectStart at(Address address, Address end);

private:
    static constexpr std::size_t kSize = 1U << 20U;
    void fill(Address address, Address end);

    const ProcessImage& image_;
    std::vector<std::byte> bytes_;
    AddressRange range_;
};

} // namespace firstchance
