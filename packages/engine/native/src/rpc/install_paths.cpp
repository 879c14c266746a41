#include "rpc/install_paths.h"

#include <dlfcn.h>
#include <stdlib.h>

#include <memory>

namespace firstchance {
namespace {

struct Free {
    void operator()(char* text) const { ::free(text); }
};

} // namespace

std::string agentLibraryPath() {
    Dl_info info{};
    // Works for the executable and for the C ABI's shared library alike, unlike /proc/self/exe (which is node
    // there).
    if (::dladdr(reinterpret_cast<const void*>(&agentLibraryPath), &info) == 0 || info.dli_fname == nullptr) {
        return "";
    }
    const std::unique_ptr<char, Free> resolved(::realpath(info.dli_fname, nullptr));
    std::string path = resolved ? resolved.get() : info.dli_fname;
    path.erase(path.rfind('/') + 1);
    return path + "libfirstchance_agent.so";
}

} // namespace firstchance
