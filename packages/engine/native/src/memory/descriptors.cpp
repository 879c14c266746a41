#include "memory/descriptors.h"

#include <dirent.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string_view>

#include "linux/proc_file.h"
#include "linux/task_list.h"

namespace firstchance {
namespace {

struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
};

} // namespace

std::optional<DescriptorCounts> countDescriptors(pid_t pid) {
    const std::unique_ptr<DIR, CloseDirectory> folder(::opendir(procPath(livingTask(pid), "fd").c_str()));
    if (!folder) {
        return std::nullopt;
    }
    DescriptorCounts counts;
    while (const dirent* entry = ::readdir(folder.get())) { // NOLINT(concurrency-mt-unsafe): own stream
        if (entry->d_name[0] == '.') {
            continue;
        }
        ++counts.all;
        std::array<char, 16> target{};
        const ssize_t size = ::readlinkat(::dirfd(folder.get()), entry->d_name, target.data(), target.size());
        const std::string_view text(target.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
        counts.sockets += text.starts_with("socket:") ? 1U : 0U;
    }
    return counts;
}

} // namespace firstchance
