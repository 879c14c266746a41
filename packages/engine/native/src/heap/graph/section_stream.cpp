#include "heap/graph/section_stream.h"

#include <algorithm>

namespace firstchance {

void SectionStream::put(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const std::size_t size = std::min(bytes.size(), kBuffer - buffer_.size());
        buffer_.insert(buffer_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
        bytes = bytes.subspan(size);
        if (buffer_.size() == kBuffer) {
            flush();
        }
    }
}

void SectionStream::align(std::uint64_t bytes) {
    while (offset() % bytes != 0) {
        put(std::byte{0});
    }
}

void SectionStream::flush() {
    if (!error_) {
        if (const auto done = file_.writeAt(written_, buffer_); !done) {
            error_ = done.error();
        }
    }
    written_ += buffer_.size();
    buffer_.clear();
}

Result<void> SectionStream::finish() {
    flush();
    if (error_) {
        return fail(*error_);
    }
    return {};
}

} // namespace firstchance
