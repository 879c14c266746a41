#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/address.h"
#include "base/process_image.h"

namespace firstchance {

//! \brief A moving window of 256 KB over the target's memory, for a walk that goes forward. Pages that cannot
//! be read are zero: in a frozen process those are pages never touched, in a core holes.
//!
//! After a leap, over the content of a large object, the window begins anew with little: the next object may
//! be as large.
class MemoryWindow {
public:
    //! Fits a second-level cache. 32 KB take a quarter more time, 64 and 128 KB a tenth; 1 MB is no faster.
    static constexpr std::size_t kSize = 1U << 18U;

    explicit MemoryWindow(const ProcessImage& image) : image_(image), bytes_(kSize) {}

    //! \brief \p size bytes at \p address, valid until the next call. \p end bounds what is read ahead.
    [[nodiscard]] const std::byte* at(Address address, std::size_t size, Address end) {
        std::uint64_t offset = address - begin_;
        if (size > size_ || offset > size_ - size) {
            fill(address, size, end);
            offset = 0;
        }
        return bytes_.data() + offset;
    }

private:
    void fill(Address address, std::size_t size, Address end);

    const ProcessImage& image_;
    std::vector<std::byte> bytes_;
    Address begin_;
    std::size_t ahead_ = 0; //!< bytes that were last read ahead
    std::size_t size_ = 0;
};

} // namespace firstchance
