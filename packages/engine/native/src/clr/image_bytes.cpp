#include "clr/image_bytes.h"

#include <algorithm>
#include <array>
#include <memory>

#include "base/readable_file.h"

namespace firstchance {

ImageBytes ImageBytes::memory(Dac& dac, Address begin, std::uint64_t size) {
    return {[&dac, begin](std::uint64_t offset, std::span<std::byte> buffer) {
                return dac.read(begin + offset, buffer);
            },
            size};
}

std::optional<ImageBytes> ImageBytes::file(const std::string& path) {
    auto opened = ReadableFile::open(path);
    if (!opened) {
        return std::nullopt;
    }
    const auto file = std::make_shared<ReadableFile>(std::move(*opened));
    return ImageBytes(
        [file](std::uint64_t offset, std::span<std::byte> buffer) { return file->read(offset, buffer); },
        file->size());
}

ImageBytes ImageBytes::part(std::uint64_t offset, std::uint64_t size) const {
    const std::uint64_t begin = std::min(offset, size_);
    return {[read = read_, begin](std::uint64_t at, std::span<std::byte> buffer) {
                return read(begin + at, buffer);
            },
            std::min(size, size_ - begin)};
}

bool ImageBytes::read(std::uint64_t offset, std::span<std::byte> buffer) const {
    return offset <= size_ && buffer.size() <= size_ - offset && read_(offset, buffer) == buffer.size();
}

std::string ImageBytes::text(std::uint64_t offset, std::size_t limit) const {
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
