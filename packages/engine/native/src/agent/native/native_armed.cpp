#include "agent/native/native_armed.h"

#include <dlfcn.h>

#include "agent/agent_log.h"
#include "agent/clr_api.h"
#include "agent/native/allocation_hooks.h"
#include "agent/native/code_cells.h"
#include "agent/native/native_recorder.h"
#include "agent/native/patched_words.h"
#include "agent/runtime_version.h"

namespace firstchance::agent {
namespace {

// The runtime's way to functions of [DllImport]: what is resolved while the hooks are in place gets them too.
// Only the runtime's import is changed: dlsym(RTLD_NEXT) depends on who calls.
void* hookDlsym(void* handle, const char* name) {
    void* found = ::dlsym(handle, name);
    if (found != nullptr && g_recorder.recording()) {
        std::size_t count = 0;
        const Hook* hooks = allocationHooks(count);
        for (std::size_t i = 0; i < count; ++i) {
            if (found == hooks[i].original) {
                return hooks[i].replacement;
            }
        }
    }
    return found;
}

} // namespace

HResult armNativeHooks(Agent& agent, std::uint64_t period) {
#if defined(__x86_64__)
    std::size_t count = 0;
    const Hook* hooks = allocationHooks(count);
    NativeRecorder::leaveOutThisThread();
    const RuntimeVersion version = runtimeVersion(agent.profilerInfo);
    if (!g_recorder.begin(agent.profilerInfo, version.major, period)) {
        return kFail;
    }
    const PatchCounts patched = patchWords(hooks, count);
    const CodeSwap code = swapCodeCells(agent.profilerInfo, hooks, count, CellSwap::ToReplacement);
    // The interface's table of methods lies in libcoreclr.so, or in the executable of a single-file program.
    const void* inside = *static_cast<void**>(agent.profilerInfo);
    const bool dlsymPatched = patchImportOf(
        inside, {"dlsym", reinterpret_cast<void*>(&::dlsym), reinterpret_cast<void*>(&hookDlsym)});
    logLine("native hooks: %u imports of %u objects, %u P/Invokes, %u calls in code (%u left) in %u us%s%s",
            patched.slots, patched.objects, patched.cells, code.swapped, code.left, code.stoodStillUs,
            dlsymPatched ? "" : ", no dlsym", patched.full ? ", no room for more" : "");
    return kOk;
#else
    static_cast<void>(agent);
    static_cast<void>(period);
    static_cast<void>(&hookDlsym);
    return kNotImplemented;
#endif
}

bool disarmNativeHooks(Agent& agent) {
    const bool left = g_recorder.end();
    std::size_t count = 0;
    const Hook* hooks = allocationHooks(count);
    restoreWords(hooks, count);
    const CodeSwap code = swapCodeCells(agent.profilerInfo, hooks, count, CellSwap::ToOriginal);
    logLine("native hooks: taken out (%u calls in code, %u left), %llu recorded%s", code.swapped, code.left,
            static_cast<unsigned long long>(g_recorder.recorded()),
            left ? "" : ", a thread did not leave the recorder");
    return left;
}

} // namespace firstchance::agent
