#include "linux/pagemap.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>

#include "linux/proc_file.h"
#include "linux/refusal.h"
#include "linux/task_list.h"

namespace firstchance {
namespace {

// <linux/fs.h> of Linux 6.7; Debian 12 ships headers of 6.1.
struct PageRegion {
    std::uint64_t start;
    std::uint64_t end;
    std::uint64_t categories;
};
struct PagemapScanArguments {
    std::uint64_t size;
    std::uint64_t flags;
    std::uint64_t start;
    std::uint64_t end;
    std::uint64_t walkEnd;
    std::uint64_t vec;
    std::uint64_t vecLength;
    std::uint64_t maxPages;
    std::uint64_t categoryInverted;
    std::uint64_t categoryMask;
    std::uint64_t categoryAnyOfMask;
    std::uint64_t returnMask;
};
constexpr unsigned long kPagemapScan = _IOWR('f', 16, PagemapScanArguments);
constexpr std::uint64_t kIsFile = 1U << 2U;
constexpr std::uint64_t kIsPresent = 1U << 3U;
constexpr std::uint64_t kIsSwapped = 1U << 4U;
constexpr std::uint64_t kIsZeroPage = 1U << 5U;

// Bits of a pagemap entry.
constexpr std::uint64_t kEntryPresent = 1ULL << 63U;
constexpr std::uint64_t kEntrySwapped = 1ULL << 62U;
constexpr std::uint64_t kEntryFileOrShared = 1ULL << 61U;

void append(std::vector<AddressRange>& ranges, AddressRange range) {
    if (!ranges.empty() && ranges.back().end == range.begin) {
        ranges.back().end = range.end;
    } else {
        ranges.push_back(range);
    }
}

std::optional<std::vector<AddressRange>> scan(int fd, AddressRange range, bool fileMapping) {
    std::vector<AddressRange> ranges;
    std::array<PageRegion, 1024> regions;
    std::uint64_t start = range.begin.value();
    while (start < range.end.value()) {
        PagemapScanArguments arguments{};
        arguments.size = sizeof arguments;
        arguments.start = start;
        arguments.end = range.end.value();
        arguments.vec = reinterpret_cast<std::uint64_t>(regions.data());
        arguments.vecLength = regions.size();
        arguments.returnMask = kIsPresent;
        const std::uint64_t unwanted = fileMapping ? kIsZeroPage | kIsFile : kIsZeroPage;
        arguments.categoryInverted = unwanted;
        arguments.categoryMask = unwanted;
        arguments.categoryAnyOfMask = kIsPresent | kIsSwapped;
        const int count = ::ioctl(fd, kPagemapScan, &arguments);
        if (count < 0) {
            if (errno == EINTR) {
                continue;
            }
            return std::nullopt;
        }
        for (int i = 0; i < count; ++i) {
            append(ranges, {Address(regions[static_cast<std::size_t>(i)].start),
                            Address(regions[static_cast<std::size_t>(i)].end)});
        }
        if (arguments.walkEnd <= start) {
            break;
        }
        start = arguments.walkEnd;
    }
    return ranges;
}

std::optional<std::vector<AddressRange>> readEntries(int fd, AddressRange range, bool fileMapping) {
    const auto pageSize = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    std::vector<AddressRange> ranges;
    std::array<std::uint64_t, 4096> entries;
    for (Address at = range.begin; at < range.end;) {
        const std::uint64_t pages = std::min<std::uint64_t>((range.end - at) / pageSize, entries.size());
        const ssize_t got = ::pread(fd, entries.data(), pages * sizeof(std::uint64_t),
                                    static_cast<off_t>(at.value() / pageSize * sizeof(std::uint64_t)));
        if (got <= 0) {
            return std::nullopt;
        }
        const auto count = static_cast<std::uint64_t>(got) / sizeof(std::uint64_t);
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::uint64_t entry = entries[i];
            const bool there = (entry & (kEntryPresent | kEntrySwapped)) != 0;
            if (there && !(fileMapping && (entry & kEntryFileOrShared) != 0)) {
                append(ranges, {at + i * pageSize, at + (i + 1) * pageSize});
            }
        }
        at += count * pageSize;
    }
    return ranges;
}

} // namespace

Result<Pagemap> Pagemap::open(pid_t pid) {
    UniqueFd fd(::open(procPath(livingTask(pid), "pagemap").c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.valid()) {
        const int error = errno;
        return fail(explainRefusal(pid, "Opening the page map of process " + std::to_string(pid), error));
    }
    return Pagemap(std::move(fd));
}

std::vector<AddressRange> Pagemap::privatePages(const Mapping& mapping, AddressRange range) const {
    if (mapping.path.starts_with("[vvar") || mapping.path == "[vsyscall]") {
        return {}; // the kernel's own, present but readable by nobody else (VM_PFNMAP)
    }
    const bool fileMapping = mapping.inode != 0 && !mapping.shared;
    if (auto ranges = scan(fd_.get(), range, fileMapping)) {
        return *ranges;
    }
    if (auto ranges = readEntries(fd_.get(), range, fileMapping)) {
        return *ranges;
    }
    // Nobody can tell: keep all of what may be written to. It costs size, not truth.
    return fileMapping && !mapping.writable ? std::vector<AddressRange>() : std::vector<AddressRange>{range};
}

} // namespace firstchance
