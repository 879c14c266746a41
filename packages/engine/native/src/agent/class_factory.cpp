#include "agent/clsid.h"
#include "agent/profiler.h"

namespace firstchance::agent {
namespace {

// What the runtime asks this library for, in this order: DllGetClassObject, IClassFactory::CreateInstance.

std::uint32_t reference(void*) {
    return 1;
}

HResult queryInterface(void* self, const Guid* iid, void** out) {
    *out = *iid == kIidUnknown || *iid == kIidClassFactory ? self : nullptr;
    return *out != nullptr ? kOk : kNoInterface;
}

HResult createInstance(void*, void*, const Guid* iid, void** out) {
    *out = isProfilerCallback(*iid) ? profilerCallback() : nullptr;
    return *out != nullptr ? kOk : kNoInterface;
}

HResult lockServer(void*, std::int32_t) {
    return kOk;
}

struct FactoryTable {
    HResult (*queryInterface)(void*, const Guid*, void**);
    std::uint32_t (*addReference)(void*);
    std::uint32_t (*release)(void*);
    HResult (*createInstance)(void*, void*, const Guid*, void**);
    HResult (*lockServer)(void*, std::int32_t);
};
constexpr FactoryTable kTable = {&queryInterface, &reference, &reference, &createInstance, &lockServer};
struct {
    const FactoryTable* table;
} g_factory = {&kTable};

} // namespace
} // namespace firstchance::agent

extern "C" {

__attribute__((visibility("default"))) std::int32_t
DllGetClassObject(const firstchance::agent::Guid* clsid, const firstchance::agent::Guid* iid, void** out) {
    using namespace firstchance::agent;
    *out = nullptr;
    if (!(*clsid == kAgentClassId)) {
        return kClassNotAvailable;
    }
    return queryInterface(&g_factory, iid, out);
}

// Never: threads may be in this library at any time. It is linked with -z nodelete besides.
__attribute__((visibility("default"))) std::int32_t DllCanUnloadNow() {
    return firstchance::agent::kFalse;
}

} // extern "C"
