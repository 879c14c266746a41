#include "rpc/native_sites.h"

#include <limits.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <map>

#include "linux/elf_functions.h"
#include "linux/proc_file.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kNoIlOffset = ~std::uint64_t{0};

class NativeNames {
public:
    explicit NativeNames(pid_t pid) : pid_(pid) {}

    std::string nameAt(const std::string& module, std::uint64_t address) {
        const auto name = functionsOf(module).nameAt(address);
        if (name) {
            return *name;
        }
        char place[32];
        std::snprintf(place, sizeof place, "+0x%" PRIx64, address);
        return place;
    }

    [[nodiscard]] std::string executable() const {
        char path[PATH_MAX];
        const ssize_t size = ::readlink(procPath(pid_, "exe").c_str(), path, sizeof path);
        return {path, size > 0 ? static_cast<std::size_t>(size) : 0};
    }

private:
    const ElfFunctions& functionsOf(const std::string& module) {
        const auto known = files_.find(module);
        if (known != files_.end()) {
            return known->second;
        }
        // The target may have another root than we have.
        const std::string path = module.empty()          ? procPath(pid_, "exe")
                                 : module.front() == '/' ? procPath(pid_, "root") + module
                                                         : "";
        return files_.emplace(module, ElfFunctions::read(path)).first->second;
    }

    pid_t pid_;
    std::map<std::string, ElfFunctions> files_;
};

Json frameJson(const NativeSite::Frame& frame, NativeNames& names) {
    if (frame.token != 0) {
        return {{"method", frame.method},
                {"modulePath", frame.modulePath},
                {"token", frame.token},
                {"ilOffset", frame.position == kNoIlOffset ? Json() : Json(frame.position)}};
    }
    return {{"method", names.nameAt(frame.modulePath, frame.position)},
            {"modulePath", frame.modulePath.empty() ? names.executable() : frame.modulePath},
            {"token", 0},
            {"ilOffset", nullptr}};
}

} // namespace

Json nativeSitesJson(pid_t pid, std::span<const NativeSite> sites) {
    NativeNames names(pid);
    Json result = Json::array();
    for (const NativeSite& site : sites) {
        Json frames = Json::array();
        for (const NativeSite::Frame& frame : site.frames) {
            frames.push_back(frameJson(frame, names));
        }
        result.push_back({{"resource", site.resource},
                          {"samples", site.samples},
                          {"count", site.count},
                          {"bytes", site.bytes},
                          {"frames", std::move(frames)}});
    }
    return result;
}

} // namespace firstchance
