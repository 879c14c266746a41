#include "agent/stack_frames.h"

#include <string.h>

#include <new>

#include "agent/clr_names.h"
#include "agent/limits.h"
#include "agent/own_code.h"

namespace firstchance::agent {
namespace {

struct Collected {
    FunctionId functions[kMaxFrames];
    std::uint32_t count = 0;
};

// StackSnapshotCallback: only collects, since the runtime is in the middle of its walk.
HResult onFrame(FunctionId function, std::uintptr_t, std::uintptr_t, std::uint32_t, unsigned char*,
                void* data) {
    auto* collected = static_cast<Collected*>(data);
    if (function == 0) {
        return kOk; // a run of native frames
    }
    collected->functions[collected->count++] = function;
    return collected->count < kMaxFrames ? kOk : kFalse;
}

std::uint64_t mixFrame(std::uint64_t hash, const StackFrame& frame) {
    const std::uint64_t module = frame.module != nullptr ? hashText(frame.module->name) : 0;
    hash = (hash ^ module) * 0x9e3779b97f4a7c15ULL;
    return (hash ^ hash >> 29 ^ frame.method) * 0xbf58476d1ce4e5b9ULL;
}

} // namespace

void StackReader::read(void* profilerInfo, StackFrames& out) {
    Collected collected;
    const ObjectId thisThread = 0;
    call(profilerInfo, kInfoDoStackSnapshot, thisThread, &onFrame, std::uint32_t{0},
         static_cast<void*>(&collected), static_cast<void*>(nullptr), std::uint32_t{0});
    out.count = collected.count;
    for (std::uint32_t i = 0; i < collected.count; ++i) {
        ClassId type = 0;
        ModuleId module = 0;
        MetadataToken token = 0;
        out.frames[i] = {};
        if (call(profilerInfo, kInfoGetFunctionInfo, collected.functions[i], &type, &module, &token) >= 0 &&
            module != 0) {
            out.frames[i] = {moduleOf(profilerInfo, module), token};
        }
    }
}

void StackReader::forgetAddresses() {
    const Lock lock(mutex_);
    modules_.clear();
}

const ModuleInfo* StackReader::moduleOf(void* profilerInfo, ModuleId module) {
    const std::uint32_t item = modules_.find(module);
    if (item != 0) {
        return static_cast<const ModuleInfo*>(arena_.at(item));
    }
    NameBuffer path;
    if (!appendModulePath(profilerInfo, module, path)) {
        return nullptr;
    }
    const std::uint64_t hash = hashText(path.text());
    const Lock lock(mutex_);
    ModuleInfo* info = all_;
    while (info != nullptr && info->pathHash != hash) {
        info = info->next;
    }
    if (info == nullptr) {
        const Text name = fileName(path.text());
        void* memory = arena_.allocate(sizeof(ModuleInfo) + name.size);
        if (memory == nullptr) {
            return nullptr;
        }
        info = new (memory) ModuleInfo();
        char* copy = static_cast<char*>(memory) + sizeof(ModuleInfo);
        ::memcpy(copy, name.data, name.size);
        info->name = {copy, name.size};
        info->pathHash = hash;
        info->isFramework = isFrameworkModule(path.text());
        info->next = all_;
        all_ = info;
    }
    modules_.insert(module, arena_.indexOf(info));
    return info;
}

std::uint64_t placeKey(std::uint64_t typeHash, const StackFrames& stack) {
    constexpr std::uint32_t kOwnFrames = 3;
    constexpr std::uint32_t kForeignFrames = 4;
    std::uint64_t hash = typeHash;
    std::uint32_t own = 0;
    for (std::uint32_t i = 0; i < stack.count && own < kOwnFrames; ++i) {
        if (stack.frames[i].module != nullptr && !stack.frames[i].module->isFramework) {
            hash = mixFrame(hash, stack.frames[i]);
            ++own;
        }
    }
    if (own == 0) {
        for (std::uint32_t i = 0; i < stack.count && i < kForeignFrames; ++i) {
            hash = mixFrame(hash, stack.frames[i]);
        }
    }
    return hash;
}

} // namespace firstchance::agent
