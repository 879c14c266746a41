#include "linux/live_process.h"

#include <sys/stat.h>

#include "linux/auxiliary_vector.h"
#include "linux/memory_map.h"
#include "linux/proc_file.h"
#include "linux/task_list.h"

namespace firstchance {

std::string mountRootOf(pid_t pid) {
    struct stat ours {};
    struct stat theirs {};
    const bool known =
        ::stat("/proc/self/ns/mnt", &ours) == 0 && ::stat(procPath(pid, "ns/mnt").c_str(), &theirs) == 0;
    return known && ours.st_ino != theirs.st_ino ? procPath(pid, "root") : std::string();
}

Result<std::unique_ptr<LiveProcess>> LiveProcess::open(pid_t pid) {
    auto memory = ProcessMemory::open(pid);
    if (!memory) {
        return fail(memory.error());
    }
    auto pagemap = Pagemap::open(pid);
    if (!pagemap) {
        return fail(pagemap.error());
    }
    auto mappings = readMemoryMap(pid);
    if (!mappings) {
        return fail(mappings.error());
    }
    std::unique_ptr<LiveProcess> process(new LiveProcess(pid, std::move(*memory), std::move(*pagemap)));
    process->mappings_ = std::move(*mappings);
    process->name_ = readTaskName(pid, pid);
    process->rootPrefix_ = mountRootOf(livingTask(pid));
    process->auxv_ = readAuxiliaryVector(livingTask(pid));
    return process;
}

Result<void> LiveProcess::refreshMappings() {
    auto mappings = readMemoryMap(pid_);
    if (!mappings) {
        return fail(mappings.error());
    }
    mappings_ = std::move(*mappings);
    return {};
}

std::vector<AddressRange> LiveProcess::privatePages(AddressRange range) const {
    std::vector<AddressRange> pages;
    for (const Mapping& mapping : mappings_) {
        const AddressRange part = mapping.range.intersect(range);
        if (!part.empty()) {
            const auto found = pagemap_.privatePages(mapping, part);
            pages.insert(pages.end(), found.begin(), found.end());
        }
    }
    return pages;
}

} // namespace firstchance
