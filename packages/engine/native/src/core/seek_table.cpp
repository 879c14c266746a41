#include "core/seek_table.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace firstchance {
namespace {

constexpr std::uint32_t kSkippableMagic = 0x184D2A5E;
constexpr std::uint32_t kTableMagic = 0x8F92EAB1;
constexpr std::size_t kSkippableHeader = 8;
constexpr std::size_t kFooter = 9;
constexpr std::uint32_t kMaxFrames = 0x8000000; // by the format's definition
constexpr unsigned kChecksumFlag = 0x80;
constexpr unsigned kReservedBits = 0x7c;

std::uint32_t load32(const std::byte* from) {
    std::uint32_t value = 0;
    std::memcpy(&value, from, sizeof value);
    return value;
}

void store32(std::vector<std::byte>& out, std::uint32_t value) {
    const auto bytes = std::as_bytes(std::span(&value, 1));
    out.insert(out.end(), bytes.begin(), bytes.end());
}

bool readExactly(const ByteSource& file, std::uint64_t offset, std::span<std::byte> out) {
    return file.read(offset, out) == out.size();
}

} // namespace

bool SeekTable::isPresent(const ByteSource& file) {
    std::array<std::byte, 4> magic{};
    return file.size() >= kSkippableHeader + kFooter &&
           readExactly(file, file.size() - magic.size(), magic) && load32(magic.data()) == kTableMagic;
}

Result<SeekTable> SeekTable::read(const ByteSource& file, const std::string& path) {
    const auto bad = [&](const std::string& why) { return corruptDump(path, "its seek table " + why); };
    std::array<std::byte, kFooter> footer{};
    if (!isPresent(file) || !readExactly(file, file.size() - kFooter, footer)) {
        return bad("is missing");
    }
    const std::uint32_t count = load32(footer.data());
    const auto descriptor = std::to_integer<unsigned>(footer[4]);
    if (count > kMaxFrames || (descriptor & kReservedBits) != 0) {
        return bad("has an unknown form");
    }
    const std::size_t entrySize = (descriptor & kChecksumFlag) != 0 ? 12 : 8;
    const std::uint64_t content = std::uint64_t{count} * entrySize + kFooter;
    if (content + kSkippableHeader > file.size()) {
        return bad("names " + std::to_string(count) + " frames, more than the file can hold");
    }
    const std::uint64_t start = file.size() - content - kSkippableHeader;
    std::array<std::byte, kSkippableHeader> header{};
    if (!readExactly(file, start, header) || load32(header.data()) != kSkippableMagic ||
        load32(header.data() + 4) != content) {
        return bad("does not begin where its length says");
    }
    SeekTable table;
    table.frames_.reserve(count); // bounded: the entries are in the file
    std::vector<std::byte> chunk(entrySize * 4096);
    for (std::uint32_t done = 0; done < count;) {
        const std::uint32_t entries = std::min<std::uint32_t>(4096, count - done);
        const auto part = std::span(chunk).first(entries * entrySize);
        if (!readExactly(file, start + kSkippableHeader + std::uint64_t{done} * entrySize, part)) {
            return bad("cannot be read");
        }
        for (std::uint32_t i = 0; i < entries; ++i) {
            const std::byte* entry = part.data() + i * entrySize;
            const std::uint32_t plain = load32(entry + 4);
            if (plain > kMaxPlainFrame) {
                return bad("has a frame of " + std::to_string(plain) + " bytes");
            }
            table.append(load32(entry), plain);
        }
        done += entries;
    }
    if (table.packedSize_ != start) {
        return bad("describes " + std::to_string(table.packedSize_) + " bytes of frames, the file has " +
                   std::to_string(start));
    }
    return table;
}

void SeekTable::append(std::uint32_t packedSize, std::uint32_t plainSize) {
    frames_.push_back({packedSize_, plainSize_, packedSize, plainSize});
    packedSize_ += packedSize;
    plainSize_ += plainSize;
}

std::vector<std::byte> SeekTable::encode() const {
    std::vector<std::byte> out;
    out.reserve(kSkippableHeader + frames_.size() * 8 + kFooter);
    store32(out, kSkippableMagic);
    store32(out, static_cast<std::uint32_t>(frames_.size() * 8 + kFooter));
    for (const Frame& frame : frames_) {
        store32(out, frame.packedSize);
        store32(out, frame.plainSize);
    }
    store32(out, static_cast<std::uint32_t>(frames_.size()));
    out.push_back(std::byte{0}); // no checksums here: each frame carries its own
    store32(out, kTableMagic);
    return out;
}

std::size_t SeekTable::frameAt(std::uint64_t plainOffset) const {
    const auto behind = std::partition_point(frames_.begin(), frames_.end(),
                                             [&](const Frame& f) { return f.plainOffset <= plainOffset; });
    return static_cast<std::size_t>(behind - frames_.begin()) - 1;
}

} // namespace firstchance
