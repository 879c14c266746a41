#include "heap/memory_window.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "base/page_size.h"

namespace firstchance {

void MemoryWindow::fill(Address address, std::size_t least, Address end) {
    constexpr std::size_t kLeastAhead = 2 * kPageBytes;
    const bool goesOn = address - begin_ < size_ + kPageBytes;
    ahead_ = goesOn ? std::min(2 * ahead_, kSize) : kLeastAhead;
    // Whole pages from the second on: what lies on two windows is fetched twice by the kernel.
    const Address stop = std::min((address + ahead_).alignDown(kPageBytes), end);
    const std::size_t size = std::max<std::size_t>(least, stop > address ? stop - address : 0);
    if (size > bytes_.size()) {
        bytes_.resize(size);
    }
    std::size_t done = 0;
    while (done < size) {
        done += image_.read(address + done, std::span(bytes_).subspan(done, size - done));
        if (done < size) {
            const Address at = address + done;
            const std::size_t hole = std::min<std::size_t>(size - done, (at + 1).alignUp(kPageBytes) - at);
            std::memset(bytes_.data() + done, 0, hole);
            done += hole;
        }
    }
    begin_ = address;
    size_ = size;
}

} // namespace firstchance
