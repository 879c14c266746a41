#include "clr/runtime_build.h"

#include <fcntl.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/unique_fd.h"
#include "clr/elf_image.h"

namespace firstchance {
namespace {

constexpr std::string_view kMark = "@(#)Version ";
constexpr std::size_t kChunk = std::size_t{256} << 10U;
constexpr std::size_t kLongestText = 256;
constexpr std::uint64_t kMostFileBytes = 64ULL << 20; //!< the DAC and the runtime are 2 and 7 MB

bool isDigits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

//! \brief Searches what \p readAt(offset, buffer) delivers, in overlapping chunks.
template <class ReadAt> std::optional<std::string> searchChunks(std::uint64_t size, ReadAt readAt) {
    std::vector<char> buffer(kChunk + kLongestText);
    for (std::uint64_t offset = 0; offset < std::min(size, kMostFileBytes); offset += kChunk) {
        const std::size_t want = std::min<std::uint64_t>(buffer.size(), size - offset);
        const std::size_t got = readAt(offset, std::span(buffer).first(want));
        if (auto text = findBuildText(std::string_view(buffer.data(), got))) {
            return text;
        }
        if (got == 0) {
            break;
        }
    }
    return std::nullopt;
}

std::optional<std::string> readBuildTextOfFile(const std::string& path) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.valid()) {
        return std::nullopt;
    }
    return searchChunks(kMostFileBytes, [&](std::uint64_t offset, std::span<char> out) {
        const ssize_t got = ::pread(fd.get(), out.data(), out.size(), static_cast<off_t>(offset));
        return got > 0 ? static_cast<std::size_t>(got) : std::size_t{0};
    });
}

} // namespace

std::optional<std::string> findBuildText(std::string_view bytes) {
    for (std::size_t at = bytes.find(kMark); at != std::string_view::npos; at = bytes.find(kMark, at + 1)) {
        const std::string_view rest = bytes.substr(at + kMark.size());
        const std::size_t end = rest.substr(0, kLongestText).find('\0');
        // The mark alone is also in programs that search for it, this one included.
        if (end != std::string_view::npos && end > 0 && rest.front() >= '0' && rest.front() <= '9') {
            return std::string(rest.substr(0, end));
        }
    }
    return std::nullopt;
}

std::optional<std::string> readBuildText(const ProcessImage& image, Address base) {
    const auto elf = ElfImage::read(image, base);
    if (!elf) {
        return std::nullopt;
    }
    for (const AddressRange& segment : elf->writableSegments()) {
        auto text = searchChunks(segment.size(), [&](std::uint64_t offset, std::span<char> out) {
            return image.read(segment.begin + offset, std::as_writable_bytes(out));
        });
        if (text) {
            return text;
        }
    }
    return std::nullopt;
}

std::string versionFromPath(std::string_view directory) {
    const std::size_t slash = directory.rfind('/');
    const std::string_view last = directory.substr(slash + 1);
    if (slash == std::string_view::npos || !directory.substr(0, slash).ends_with("/Microsoft.NETCore.App")) {
        return {};
    }
    return isDigits(last.substr(0, last.find('.'))) ? std::string(last) : std::string();
}

std::string versionFromBuildText(std::string_view text) {
    const std::string_view version = text.substr(0, text.find(' '));
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0; begin <= version.size();) {
        const std::size_t end = std::min(version.find('.', begin), version.size());
        parts.push_back(version.substr(begin, end - begin));
        begin = end + 1;
    }
    if (parts.size() < 3 || !isDigits(parts[0]) || !isDigits(parts[1]) || !isDigits(parts[2])) {
        return {};
    }
    std::uint32_t build = 0;
    const std::string_view third = parts[2];
    if (std::from_chars(third.data(), third.data() + third.size(), build).ec != std::errc()) {
        return {};
    }
    // 10.0.1226.42308 is 10.0.12, built in 2026: the SDK that versions all of .NET puts patch * 100 + year
    // there.
    return std::string(parts[0]) + "." + std::string(parts[1]) + "." + std::to_string(build / 100);
}

Result<void> checkSameBuild(const ProcessImage& image, const RuntimeLocation& runtime) {
    const auto inMemory = readBuildText(image, runtime.base);
    const auto onDisk = readBuildTextOfFile(runtime.dacPath);
    if (inMemory && onDisk && *inMemory != *onDisk) {
        return fail(
            {ErrorCode::DacFailed, "Reading " + runtime.path + " with " + runtime.dacPath,
             "the runtime is build " + *inMemory + ", the debugging library build " + *onDisk,
             "The runtime was updated while the program ran, or the dump is from another machine: start the "
             "program again, or put the matching libmscordaccore.so there.",
             0});
    }
    return {};
}

} // namespace firstchance
