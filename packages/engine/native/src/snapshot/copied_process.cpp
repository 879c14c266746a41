#include "snapshot/copied_process.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "base/unique_fd.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kChunk = 16ULL << 20U; //!< between two looks at the clock

bool isCopied(const Mapping& mapping) {
    return !mapping.shared && mapping.readable;
}

Error tooMuch(pid_t pid, const std::string& why) {
    return {ErrorCode::DeadlineExceeded,
            "Copying the memory of process " + std::to_string(pid) + " in the pause", why, "", 0};
}

//! \brief Reads a page of a file mapping from its file; nothing when that is another file by now.
std::size_t readFile(const std::string& path, const Mapping& mapping, Address address,
                     std::span<std::byte> buffer) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (!fd.valid() || ::fstat(fd.get(), &status) != 0 || status.st_ino != mapping.inode ||
        status.st_dev != mapping.device) {
        return 0;
    }
    const auto offset = static_cast<off_t>(mapping.fileOffset + (address - mapping.range.begin));
    const ssize_t got = ::pread(fd.get(), buffer.data(), buffer.size(), offset);
    return got > 0 ? static_cast<std::size_t>(got) : 0;
}

} // namespace

Result<PrivateCopy> PrivateCopy::prepare(const ProcessImage& target, std::uint64_t budget) {
    std::uint64_t wanted = 0;
    std::size_t ranges = 0;
    for (const Mapping& mapping : target.mappings()) {
        if (isCopied(mapping)) {
            for (const AddressRange range : target.privatePages(mapping.range)) {
                wanted += range.size();
                ++ranges;
            }
        }
    }
    if (wanted > budget) {
        return fail(tooMuch(target.pid(), "it has " + std::to_string(wanted >> 20U) +
                                              " MB of its own, more than the " +
                                              std::to_string(budget >> 20U) + " MB that may be copied"));
    }
    PrivateCopy copy;
    copy.buffer_ = MappedBuffer::allocate(budget);
    if (!copy.buffer_.valid()) {
        return fail(tooMuch(target.pid(), std::to_string(budget >> 20U) + " MB cannot be reserved"));
    }
    copy.buffer_.populate(wanted + wanted / 16);
    copy.pieces_.reserve(2 * ranges);
    return copy;
}

bool PrivateCopy::copy(const ProcessImage& target, std::chrono::steady_clock::time_point deadline) {
    std::uint64_t used = 0;
    for (const Mapping& mapping : target.mappings()) {
        if (!isCopied(mapping)) {
            continue;
        }
        for (const AddressRange range : target.privatePages(mapping.range)) {
            if (used + range.size() > buffer_.size()) {
                return false;
            }
            for (Address at = range.begin; at < range.end;) {
                const std::uint64_t size = std::min(kChunk, range.end - at);
                const std::size_t got = target.read(at, {buffer_.data() + used, size});
                pieces_.push_back({{at, at + got}, used});
                used += got;
                at += size;
                if (std::chrono::steady_clock::now() > deadline) {
                    return false;
                }
            }
        }
    }
    return true;
}

std::span<const std::byte> PrivateCopy::at(Address address, Address& until) const {
    const auto next = std::upper_bound(pieces_.begin(), pieces_.end(), address,
                                       [](Address a, const Piece& piece) { return a < piece.range.begin; });
    until = next == pieces_.end() ? Address(UINT64_MAX) : next->range.begin;
    if (next == pieces_.begin() || !std::prev(next)->range.contains(address)) {
        return {};
    }
    const Piece& piece = *std::prev(next);
    until = piece.range.end;
    return {buffer_.data() + piece.position + (address - piece.range.begin), piece.range.end - address};
}

std::vector<AddressRange> PrivateCopy::present(AddressRange range) const {
    std::vector<AddressRange> parts;
    auto piece = std::partition_point(pieces_.begin(), pieces_.end(),
                                      [&](const Piece& p) { return p.range.end <= range.begin; });
    for (; piece != pieces_.end() && piece->range.begin < range.end; ++piece) {
        const AddressRange part = piece->range.intersect(range);
        if (!parts.empty() && parts.back().end == part.begin) {
            parts.back().end = part.end;
        } else if (!part.empty()) {
            parts.push_back(part);
        }
    }
    return parts;
}

std::size_t CopiedProcess::readUncopied(Address address, std::span<std::byte> buffer) const {
    const Mapping* mapping = findMapping(address);
    if (mapping == nullptr || !mapping->readable) {
        return 0;
    }
    const auto part = buffer.first(std::min<std::uint64_t>(buffer.size(), mapping->range.end - address));
    if (mapping->inode == 0 && !mapping->path.starts_with("[v")) {
        // Anonymous and not copied: it was never touched, so it was zero, whatever the program does there
        // now.
        std::memset(part.data(), 0, part.size());
        return part.size();
    }
    if (mapping->isFile() && !mapping->shared) {
        if (const std::size_t got = readFile(rootPrefix() + mapping->path, *mapping, address, part);
            got > 0) {
            return got;
        }
    }
    return memory_.read(address, part); // [vdso], a deleted file, a shared view: read-only, or gone on since
}

std::size_t CopiedProcess::readPrivate(Address address, std::span<std::byte> buffer) const {
    std::size_t done = 0;
    while (done < buffer.size()) {
        Address until;
        const auto copied = copy_.at(address + done, until);
        const auto part =
            buffer.subspan(done, std::min<std::uint64_t>(buffer.size() - done, until - (address + done)));
        std::size_t got = part.size();
        if (copied.empty()) {
            got = readUncopied(address + done, part);
        } else {
            std::memcpy(part.data(), copied.data(), part.size());
        }
        if (got == 0) {
            break;
        }
        done += got;
    }
    return done;
}

} // namespace firstchance
