#include "agent/native/allocation_hooks.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <new>

#include "agent/native/descriptor_hooks.h"
#include "agent/native/native_recorder.h"

// The frame of the function itself: its caller is the innermost frame of a stack.
#define FIRSTCHANCE_HERE __builtin_frame_address(0)

namespace firstchance::agent {
namespace {

using New = void* (*)(std::size_t);
using NewOrNull = void* (*)(std::size_t, const std::nothrow_t&);
// Of the C++ library that the target has, if any: the agent itself has none.
New g_new = nullptr;
New g_newArray = nullptr;
NewOrNull g_newOrNull = nullptr;
NewOrNull g_newArrayOrNull = nullptr;

void* hookMalloc(std::size_t bytes) {
    void* block = ::malloc(bytes);
    g_recorder.onBlock(block, bytes, FIRSTCHANCE_HERE);
    return block;
}

void* hookCalloc(std::size_t count, std::size_t bytes) {
    void* block = ::calloc(count, bytes);
    g_recorder.onBlock(block, count * bytes, FIRSTCHANCE_HERE);
    return block;
}

void* hookRealloc(void* old, std::size_t bytes) {
    // Before: another thread may get the same address as soon as it is free.
    g_recorder.onFree(old);
    void* block = ::realloc(old, bytes);
    g_recorder.onBlock(block, bytes, FIRSTCHANCE_HERE);
    return block;
}

void hookFree(void* block) {
    g_recorder.onFree(block);
    ::free(block);
}

int hookPosixMemalign(void** out, std::size_t alignment, std::size_t bytes) {
    const int result = ::posix_memalign(out, alignment, bytes);
    if (result == 0) {
        g_recorder.onBlock(*out, bytes, FIRSTCHANCE_HERE);
    }
    return result;
}

void* hookAlignedAlloc(std::size_t alignment, std::size_t bytes) {
    void* block = ::aligned_alloc(alignment, bytes);
    g_recorder.onBlock(block, bytes, FIRSTCHANCE_HERE);
    return block;
}

void* hookMemalign(std::size_t alignment, std::size_t bytes) {
    void* block = ::memalign(alignment, bytes);
    g_recorder.onBlock(block, bytes, FIRSTCHANCE_HERE);
    return block;
}

// The C++ library keeps no frame pointers: seen from malloc, the caller of operator new would be missing.
template <class Function, class... Arguments>
void* newBlock(Function original, const void* frame, std::size_t bytes, const Arguments&... arguments) {
    void* block = nullptr;
    {
        const NativeRecorder::Quiet quiet(frame);
        block = original(bytes, arguments...);
    }
    g_recorder.onBlock(block, bytes, frame);
    return block;
}

void* hookNew(std::size_t bytes) {
    return newBlock(g_new, FIRSTCHANCE_HERE, bytes);
}
void* hookNewArray(std::size_t bytes) {
    return newBlock(g_newArray, FIRSTCHANCE_HERE, bytes);
}
void* hookNewOrNull(std::size_t bytes, const std::nothrow_t& tag) {
    return newBlock(g_newOrNull, FIRSTCHANCE_HERE, bytes, tag);
}
void* hookNewArrayOrNull(std::size_t bytes, const std::nothrow_t& tag) {
    return newBlock(g_newArrayOrNull, FIRSTCHANCE_HERE, bytes, tag);
}

void tellMapping(void* address, std::size_t bytes, int protection, int flags, const void* frame) {
    // Reserved address space is no memory yet: the collector's heap, and what the runtime keeps for code.
    if (address != MAP_FAILED && (protection != PROT_NONE || (flags & MAP_ANONYMOUS) == 0)) {
        const bool anonymous = (flags & MAP_ANONYMOUS) != 0 && (flags & MAP_PRIVATE) != 0;
        g_recorder.onResource(anonymous ? Resource::Anonymous : Resource::Mapped,
                              reinterpret_cast<std::uintptr_t>(address), bytes, frame);
    }
}

void* hookMmap(void* address, std::size_t bytes, int protection, int flags, int fd, off_t offset) {
    if ((flags & MAP_FIXED) != 0) {
        g_recorder.onUnmapped(reinterpret_cast<std::uintptr_t>(address), bytes);
    }
    void* mapped = ::mmap(address, bytes, protection, flags, fd, offset);
    tellMapping(mapped, bytes, protection, flags, FIRSTCHANCE_HERE);
    return mapped;
}

int hookMunmap(void* address, std::size_t bytes) {
    g_recorder.onUnmapped(reinterpret_cast<std::uintptr_t>(address), bytes);
    return ::munmap(address, bytes);
}

void* hookMremap(void* old, std::size_t oldBytes, std::size_t bytes, int flags, void* wanted) {
    g_recorder.onUnmapped(reinterpret_cast<std::uintptr_t>(old), oldBytes);
    void* mapped = ::mremap(old, oldBytes, bytes, flags, wanted);
    tellMapping(mapped, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, FIRSTCHANCE_HERE);
    return mapped;
}

template <class Function> void* pointerTo(Function* function) {
    return reinterpret_cast<void*>(function);
}

template <class Function> void* find(const char* name, Function& out) {
    void* found = ::dlsym(RTLD_DEFAULT, name);
    out = reinterpret_cast<Function>(found);
    return found;
}

constexpr std::size_t kMaxHooks = 48;
Hook g_hooks[kMaxHooks];
std::size_t g_hookCount = 0;

void addHook(const char* name, void* original, void* replacement) {
    for (std::size_t i = 0; i < g_hookCount; ++i) {
        if (g_hooks[i].original == original) {
            return; // mmap64 is mmap
        }
    }
    if (original != nullptr && g_hookCount < kMaxHooks) {
        g_hooks[g_hookCount++] = {name, original, replacement};
    }
}

} // namespace

const Hook* allocationHooks(std::size_t& count) {
    if (g_hookCount == 0) {
        addHook("malloc", pointerTo(&::malloc), pointerTo(&hookMalloc));
        addHook("calloc", pointerTo(&::calloc), pointerTo(&hookCalloc));
        addHook("realloc", pointerTo(&::realloc), pointerTo(&hookRealloc));
        addHook("free", pointerTo(&::free), pointerTo(&hookFree));
        addHook("posix_memalign", pointerTo(&::posix_memalign), pointerTo(&hookPosixMemalign));
        addHook("aligned_alloc", pointerTo(&::aligned_alloc), pointerTo(&hookAlignedAlloc));
        addHook("memalign", pointerTo(&::memalign), pointerTo(&hookMemalign));
        addHook("mmap", pointerTo(&::mmap), pointerTo(&hookMmap));
        addHook("munmap", pointerTo(&::munmap), pointerTo(&hookMunmap));
        addHook("mremap", pointerTo(&::mremap), pointerTo(&hookMremap));
        addHook("_Znwm", find("_Znwm", g_new), pointerTo(&hookNew));
        addHook("_Znam", find("_Znam", g_newArray), pointerTo(&hookNewArray));
        addHook("_ZnwmRKSt9nothrow_t", find("_ZnwmRKSt9nothrow_t", g_newOrNull), pointerTo(&hookNewOrNull));
        addHook("_ZnamRKSt9nothrow_t", find("_ZnamRKSt9nothrow_t", g_newArrayOrNull),
                pointerTo(&hookNewArrayOrNull));
        forEachDescriptorHook(&addHook);
    }
    count = g_hookCount;
    return g_hooks;
}

} // namespace firstchance::agent
