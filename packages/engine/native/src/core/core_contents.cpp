#include "core/core_contents.h"

#include <algorithm>
#include <cstring>

namespace firstchance {

std::uint64_t CoreContents::fill(std::uint64_t offset, std::span<std::byte> out) const {
    std::fill(out.begin(), out.end(), std::byte{0});
    std::uint64_t unreadable = 0;
    if (offset < layout_.headers.size()) {
        const std::size_t size = std::min<std::size_t>(out.size(), layout_.headers.size() - offset);
        std::memcpy(out.data(), layout_.headers.data() + offset, size);
    }
    const std::uint64_t end = offset + out.size();
    auto segment =
        std::partition_point(layout_.segments.begin(), layout_.segments.end(),
                             [&](const CoreSegment& s) { return s.fileOffset + s.range.size() <= offset; });
    for (; segment != layout_.segments.end() && segment->fileOffset < end; ++segment) {
        const std::uint64_t from = std::max(offset, segment->fileOffset);
        const std::uint64_t to = std::min(end, segment->fileOffset + segment->range.size());
        unreadable +=
            fillSegment(*segment, from - segment->fileOffset, out.subspan(from - offset, to - from));
    }
    return unreadable;
}

std::uint64_t CoreContents::fillSegment(const CoreSegment& segment, std::uint64_t offset,
                                        std::span<std::byte> out) const {
    const AddressRange wanted{segment.range.begin + offset, segment.range.begin + offset + out.size()};
    if (segment.range.begin == kDiagnosticInfoAddress && !layout_.diagnosticPage.empty()) {
        std::memcpy(out.data(), layout_.diagnosticPage.data() + offset, out.size());
        return 0;
    }
    std::uint64_t unreadable = 0;
    auto part = std::partition_point(layout_.readable.begin(), layout_.readable.end(),
                                     [&](const AddressRange& r) { return r.end <= wanted.begin; });
    for (; part != layout_.readable.end() && part->begin < wanted.end; ++part) {
        const AddressRange piece = part->intersect(wanted);
        unreadable += readPart(piece, out.subspan(piece.begin - wanted.begin, piece.size()));
    }
    return unreadable;
}

std::uint64_t CoreContents::readPart(AddressRange part, std::span<std::byte> out) const {
    std::uint64_t unreadable = 0;
    std::uint64_t done = 0;
    while (done < out.size()) {
        done += image_.read(part.begin + done, out.subspan(done));
        if (done < out.size()) {
            // One page cannot be read (a file shorter than its mapping); those behind it may.
            const Address next = (part.begin + done).alignDown(kCorePage) + kCorePage;
            const std::uint64_t skipped =
                std::min<std::uint64_t>(next - (part.begin + done), out.size() - done);
            std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(done), skipped, std::byte{0});
            unreadable += skipped;
            done += skipped;
        }
    }
    return unreadable;
}

} // namespace firstchance
