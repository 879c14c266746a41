#include "snapshot/copied_process.h"

#include <algorithm>
#include <cstring>

namespace firstchance {

Result<PrivateCopy> PrivateCopy::prepare(std::uint64_t budget) {
    PrivateCopy copy;
    copy.buffer_ = MappedBuffer::allocate(budget);
    if (!copy.buffer_.valid()) {
        return fail({ErrorCode::DeadlineExceeded, "Reserving memory for a copy in the pause",
                     std::to_string(budget >> 20U) + " MB are not to be had", "", 0});
    }
    return copy;
}

bool PrivateCopy::copy(const ProcessImage& target) {
    std::uint64_t used = 0;
    for (const Mapping& mapping : target.mappings()) {
        if (mapping.shared || !mapping.readable) {
            continue;
        }
        for (const AddressRange range : target.privatePages(mapping.range)) {
            if (used + range.size() > buffer_.size()) {
                return false;
            }
            const std::size_t got = target.read(range.begin, {buffer_.data() + used, range.size()});
            if (got > 0) {
                pieces_.push_back({{range.begin, range.begin + got}, used});
                used += got;
            }
        }
    }
    return true;
}

bool PrivateCopy::holds(Address address, Address& until) const {
    const auto next = std::upper_bound(pieces_.begin(), pieces_.end(), address,
                                       [](Address a, const Piece& piece) { return a < piece.range.begin; });
    until = next == pieces_.end() ? Address(UINT64_MAX) : next->range.begin;
    if (next == pieces_.begin() || !std::prev(next)->range.contains(address)) {
        return false;
    }
    until = std::prev(next)->range.end;
    return true;
}

std::size_t PrivateCopy::read(Address address, std::span<std::byte> buffer) const {
    const auto next = std::upper_bound(pieces_.begin(), pieces_.end(), address,
                                       [](Address a, const Piece& piece) { return a < piece.range.begin; });
    if (next == pieces_.begin() || !std::prev(next)->range.contains(address)) {
        return 0;
    }
    const Piece& piece = *std::prev(next);
    const std::size_t size = std::min<std::uint64_t>(buffer.size(), piece.range.end - address);
    std::memcpy(buffer.data(), buffer_.data() + piece.position + (address - piece.range.begin), size);
    return size;
}

std::vector<AddressRange> PrivateCopy::present(AddressRange range) const {
    std::vector<AddressRange> parts;
    for (const Piece& piece : pieces_) {
        const AddressRange part = piece.range.intersect(range);
        if (!part.empty()) {
            parts.push_back(part);
        }
    }
    return parts;
}

std::size_t CopiedProcess::readPrivate(Address address, std::span<std::byte> buffer) const {
    std::size_t done = 0;
    while (done < buffer.size()) {
        const Address at = address + done;
        Address until;
        const bool copied = copy_.holds(at, until);
        const auto part = buffer.subspan(done, std::min<std::uint64_t>(buffer.size() - done, until - at));
        std::size_t got = 0;
        if (copied) {
            got = copy_.read(at, part);
        } else if (const Mapping* mapping = findMapping(at); mapping != nullptr && mapping->isFile()) {
            got = memory_.read(at, part);
        } else if (mapping != nullptr && mapping->readable) {
            // Anonymous and not copied: it was never touched, so it is zero, whatever the program does there now.
            got = std::min<std::uint64_t>(part.size(), mapping->range.end - at);
            std::memset(part.data(), 0, got);
        }
        done += got;
        if (got < part.size() && got == 0) {
            break;
        }
    }
    return done;
}

} // namespace firstchance
