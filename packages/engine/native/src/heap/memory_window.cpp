#include "heap/memory_window.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace firstchance {

void MemoryWindow::fill(Address address, std::size_t least, Address end) {
    constexpr std::uint64_t kPage = 4096;
    const std::uint64_t left = end > address ? end - address : 0;
    const std::size_t size = std::max<std::size_t>(least, std::min<std::uint64_t>(left, kSize));
    if (size > bytes_.size()) {
        bytes_.resize(size);
    }
    std::size_t done = 0;
    while (done < size) {
        done += image_.read(address + done, std::span(bytes_).subspan(done, size - done));
        if (done < size) {
            const Address at = address + done;
            const std::size_t hole = std::min<std::size_t>(size - done, (at + 1).alignUp(kPage) - at);
            std::memset(bytes_.data() + done, 0, hole);
            done += hole;
        }
    }
    begin_ = address;
    size_ = size;
}

} // namespace firstchance
