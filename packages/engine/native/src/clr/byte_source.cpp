#include "clr/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <memory>

namespace firstchance {

ByteSource ByteSource::memory(Dac& dac, Address begin, std::uint64_t size) {
    return {[&dac, begin](std::uint64_t offset, std::span<std::byte> buffer) {
                return dac.read(begin + offset, buffer);
            },
            size};
}

std::optional<ByteSource> ByteSource::file(const std::string& path) {
    const auto fd = std::make_shared<UniqueFd>(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info {};
    if (!fd->valid() || ::fstat(fd->get(), &info) != 0 || !S_ISREG(info.st_mode)) {
        return std::nullopt;
    }
    return ByteSource(
        [fd](std::uint64_t offset, std::span<std::byte> buffer) {
            const ssize_t got = ::pread(fd->get(), buffer.data(), buffer.size(), static_cast<off_t>(offset));
            return got > 0 ? static_cast<std::size_t>(got) : std::size_t{0};
        },
        static_cast<std::uint64_t>(info.st_size));
}

ByteSource ByteSource::part(std::uint64_t offset, std::uint64_t size) const {
    const std::uint64_t begin = std::min(offset, size_);
    return {[read = read_, begin](std::uint64_t at, std::span<std::byte> buffer) {
                return read(begin + at, buffer);
            },
            std::min(size, size_ - begin)};
}

bool ByteSource::read(std::uint64_t offset, std::span<std::byte> buffer) const {
    return offset <= size_ && buffer.size() <= size_ - offset && read_(offset, buffer) == buffer.size();
}

std::string ByteSource::text(std::uint64_t offset, std::size_t limit) const {
    std::string out;
    std::array<std::byte, 128> chunk;
    while (out.size() < limit && offset + out.size() < size_) {
        const std::size_t want = std::min(
            {chunk.size(), limit - out.size(), static_cast<std::size_t>(size_ - offset - out.size())});
        const std::size_t got = std::min(want, read_(offset + out.size(), std::span(chunk).first(want)));
        const auto* begin = reinterpret_cast<const char*>(chunk.data());
        const auto* end = std::find(begin, begin + got, '\0');
        out.append(begin, end);
        if (end != begin + got || got < want) {
            break;
        }
    }
    return out;
}

} // namespace firstchance
