#include "capture/heap_modules.h"

#include <utility>

#include "clr/modules.h"

namespace firstchance {

std::vector<HeapFileModule> heapFileModules(Dac& dac) {
    std::vector<HeapFileModule> files;
    if (auto modules = readModules(dac)) {
        for (ClrModule& module : *modules) {
            if (!module.path.empty()) {
                files.push_back({std::move(module.name), std::move(module.path), std::move(module.mvid)});
            }
        }
    }
    return files;
}

} // namespace firstchance
