#include "linux/memory_map.h"

#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <optional>

#include "linux/proc_file.h"
#include "linux/refusal.h"
#include "linux/task_list.h"

namespace firstchance {
namespace {

constexpr std::string_view kDeleted = " (deleted)";

//! \brief Takes a number off the front of \p text, and the separator that must follow it.
template <class T> std::optional<T> takeNumber(std::string_view& text, int base, char separator) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end == text.data() + text.size() || *end != separator) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    return value;
}

//! \brief The kernel writes a newline in a path as \012 and nothing else escaped (fs/proc/task_mmu.c,
//! show_map_vma).
std::string unescape(std::string_view text) {
    std::string path;
    path.reserve(text.size());
    while (!text.empty()) {
        if (text.starts_with("\\012")) {
            path += '\n';
            text.remove_prefix(4);
        } else {
            path += text.front();
            text.remove_prefix(1);
        }
    }
    return path;
}

std::optional<Mapping> parseLine(std::string_view line) {
    const auto begin = takeNumber<std::uint64_t>(line, 16, '-');
    const auto end = begin ? takeNumber<std::uint64_t>(line, 16, ' ') : std::nullopt;
    if (!end || *end <= *begin || line.size() < 5 || line[4] != ' ') {
        return std::nullopt;
    }
    Mapping mapping;
    mapping.range = {Address(*begin), Address(*end)};
    mapping.readable = line[0] == 'r';
    mapping.writable = line[1] == 'w';
    mapping.executable = line[2] == 'x';
    mapping.shared = line[3] == 's';
    line.remove_prefix(5);
    const auto offset = takeNumber<std::uint64_t>(line, 16, ' ');
    const auto major = offset ? takeNumber<unsigned>(line, 16, ':') : std::nullopt;
    const auto minor = major ? takeNumber<unsigned>(line, 16, ' ') : std::nullopt;
    if (!minor) {
        return std::nullopt;
    }
    const std::string_view inodeText = line.substr(0, line.find(' '));
    const auto [inodeEnd, error] =
        std::from_chars(inodeText.data(), inodeText.data() + inodeText.size(), mapping.inode);
    if (error != std::errc()) {
        return std::nullopt;
    }
    line.remove_prefix(static_cast<std::size_t>(inodeEnd - line.data()));
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    mapping.fileOffset = *offset;
    mapping.device = makedev(*major, *minor);
    if (line.ends_with(kDeleted)) {
        mapping.deleted = true;
        line.remove_suffix(kDeleted.size());
    }
    mapping.path = unescape(line);
    return mapping;
}

} // namespace

std::vector<Mapping> parseMemoryMap(std::string_view text) {
    std::vector<Mapping> mappings;
    while (!text.empty()) {
        const auto lineEnd = text.find('\n');
        auto mapping = parseLine(text.substr(0, lineEnd));
        text.remove_prefix(lineEnd == std::string_view::npos ? text.size() : lineEnd + 1);
        // Between two reads of the file mappings may change: a line that starts before the last one's end is
        // stale.
        if (mapping && (mappings.empty() || mapping->range.begin >= mappings.back().range.end)) {
            mappings.push_back(std::move(*mapping));
        }
    }
    return mappings;
}

Result<std::vector<Mapping>> readMemoryMap(pid_t pid) {
    const auto text = readProcFile(procPath(livingTask(pid), "maps"));
    if (!text) {
        const int error = errno;
        return fail(explainRefusal(pid, "Reading the memory map of process " + std::to_string(pid), error));
    }
    return parseMemoryMap(*text);
}

} // namespace firstchance
