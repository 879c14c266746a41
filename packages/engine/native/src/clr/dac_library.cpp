#include "clr/dac_library.h"

#include <dlfcn.h>

#include <array>
#include <cstdio>
#include <memory>
#include <mutex>

#include "clr/dac_guids.h"

namespace firstchance {
namespace {

const char* const kSameRuntimeCure =
    "Use the libmscordaccore.so that came with exactly this runtime (it lies beside its libcoreclr.so).";

template <class Function> Function symbol(void* library, const char* name) {
    return reinterpret_cast<Function>(::dlsym(library, name));
}

//! \brief What the host of the platform abstraction layer must do before the first call: the library is
//! entered as a Windows DLL would be. createdump registers the module with the PAL first and passes on what
//! it returns.
void initialize(void* library) {
    using RegisterModule = void* (*)(const char*);
    using DllMain = int (*)(void*, std::uint32_t, void*);
    constexpr std::uint32_t kProcessAttach = 1;
    void* handle = library;
    if (const auto registerModule = symbol<RegisterModule>(library, "PAL_RegisterModule");
        registerModule != nullptr) {
        if (void* registered = registerModule("libmscordaccore.so"); registered != nullptr) {
            handle = registered;
        }
    }
    if (const auto dllMain = symbol<DllMain>(library, "DllMain"); dllMain != nullptr) {
        dllMain(handle, kProcessAttach, nullptr);
    }
}

std::string hex(com::HResult result) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "0x%08x", static_cast<unsigned>(result));
    return text.data();
}

} // namespace

Result<const DacLibrary*> DacLibrary::load(const std::string& path) {
    static std::mutex mutex;
    // Never destroyed and never unloaded: the DAC's thread-local destructors run when a thread ends and crash
    // if its code is gone by then.
    static DacLibrary* loaded = nullptr;
    const std::lock_guard lock(mutex);
    if (loaded != nullptr) {
        if (loaded->path_ == path) {
            return loaded;
        }
        return fail({ErrorCode::DacFailed, "Loading " + path,
                     "this process has loaded " + loaded->path_ + " already, and there can be one only", "",
                     0});
    }
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        const char* why = ::dlerror();
        return fail({ErrorCode::DacMissing, "Loading the runtime's debugging library " + path,
                     why != nullptr ? why : "dlopen failed", kSameRuntimeCure, 0});
    }
    const auto create = symbol<CreateInstance>(library, "CLRDataCreateInstance");
    if (create == nullptr) {
        return fail({ErrorCode::DacFailed, "Loading the runtime's debugging library " + path,
                     "it does not export CLRDataCreateInstance", kSameRuntimeCure, 0});
    }
    initialize(library);
    auto fresh = std::make_unique<DacLibrary>();
    fresh->path_ = path;
    fresh->create_ = create;
    loaded = fresh.release();
    return loaded;
}

Result<com::Reference> DacLibrary::createProcess(void* dataTarget) const {
    com::Reference process;
    const com::HResult result = create_(&dac::kIXCLRDataProcess, dataTarget, process.out());
    if (result < 0 || !process) {
        // 0x80131c4f: CORDBG_E_MISSING_DEBUGGER_EXPORTS or memory that does not look like this DAC's runtime.
        return fail({ErrorCode::DacFailed, "Opening the process with " + path_, "it answered " + hex(result),
                     kSameRuntimeCure, 0});
    }
    return process;
}

} // namespace firstchance
