#include "agent/profiler.h"

#include "agent/agent.h"
#include "agent/agent_thread.h"
#include "agent/asking.h"
#include "agent/exception_watch.h"
#include "agent/finalizer_watch.h"
#include "agent/sampler.h"
#include "agent/startup.h"
#include "agent/test_events.h"

namespace firstchance::agent {
namespace {

constexpr Guid kCallbackInterfaces[] = {
    {0x176FBED1, 0xA55C, 0x4796, {0x98, 0xCA, 0xA9, 0xDA, 0x0E, 0xF8, 0x83, 0xE7}},
    {0x8A8CC829, 0xCCF2, 0x49fe, {0xBB, 0xAE, 0x0F, 0x02, 0x22, 0x28, 0x07, 0x1A}},
    {0x4FD2ED52, 0x7731, 0x4b8d, {0x94, 0x69, 0x03, 0xD2, 0xCC, 0x30, 0x86, 0xC5}},
    {0x7B63B2E3, 0x107D, 0x4d48, {0xB2, 0xF6, 0xF6, 0x1E, 0x22, 0x94, 0x70, 0xD2}},
    {0x8DFBA405, 0x8C9F, 0x45F8, {0xBF, 0xFA, 0x83, 0xB1, 0x4C, 0xEF, 0x78, 0xB5}},
    {0xFC13DF4B, 0x4448, 0x4F4F, {0x95, 0x0C, 0xBA, 0x8D, 0x19, 0xD0, 0x0C, 0x36}},
    {0xF76A2DBA, 0x1D52, 0x4539, {0x86, 0x6C, 0x2A, 0xA5, 0x18, 0xF9, 0xEF, 0xC3}},
    {0x5BED9B15, 0xC079, 0x4D47, {0xBF, 0xE2, 0x21, 0x5A, 0x14, 0x0C, 0x07, 0xE0}},
    {0x27583EC3, 0xC8F5, 0x482F, {0x80, 0x52, 0x19, 0x4B, 0x8C, 0xE4, 0x70, 0x5A}},
    {0xCEC5B60E, 0xC69C, 0x495F, {0x87, 0xF6, 0x84, 0xD2, 0x8E, 0xE1, 0x6F, 0xFB}},
    {0x42350846, 0xAAED, 0x47F7, {0xB1, 0x28, 0xFD, 0x0C, 0x98, 0x88, 0x1C, 0xDE}},
};

// The object lives for ever: references are not counted.
std::uint32_t reference(void*) {
    return 1;
}

HResult queryInterface(void*, const Guid* iid, void** out) {
    *out = isProfilerCallback(*iid) ? profilerCallback() : nullptr;
    return *out != nullptr ? kOk : kNoInterface;
}

// For every event the agent has not asked for: the caller cleans up the arguments on both architectures.
HResult ignore(void*) {
    return kOk;
}

HResult initialize(void*, void* unknown) {
    return startWithRuntime(g_agent, unknown);
}

HResult initializeForAttach(void*, void* unknown, const void* data, std::uint32_t bytes) {
    return startByAttach(g_agent, unknown, {static_cast<const char*>(data), data != nullptr ? bytes : 0});
}

HResult loadAsNotificationOnly(void*, std::int32_t* answer) {
    *answer = 1; // there may be several beside the one main profiler, which code coverage wants to be
    return kOk;
}

HResult shutdown(void*) {
    endWithRuntime(g_agent);
    return kOk;
}

HResult moduleUnloadStarted(void*, ModuleId module) {
    g_agent.types.forgetAddresses();
    g_agent.stacks.forgetAddresses();
    g_sampler.forgetModule(module);
    return kOk;
}

HResult exceptionThrown(void*, ObjectId exception) {
    onExceptionThrown(g_agent, exception);
    return kOk;
}

HResult handlerFound(void*, std::uintptr_t) {
    onHandlerFound();
    return kOk;
}

HResult handlerFoundInRuntime(void*) {
    onHandlerFound();
    return kOk;
}

HResult eventDelivered(void*, std::uintptr_t provider, std::uint32_t eventId, std::uint32_t, std::uint32_t,
                       const unsigned char*, std::uint32_t bytes, const unsigned char* data) {
    if (!onAllocationEvent(g_agent, provider, eventId, data, bytes) &&
        !onGcEvent(g_agent, provider, eventId, data, bytes)) {
        onEventDelivered(g_agent, provider, eventId, data, bytes);
    }
    return kOk;
}

struct CallbackTable {
    const void* slots[kCallbackSlots];
};

CallbackTable makeTable() {
    CallbackTable table{};
    for (const void*& slot : table.slots) {
        slot = reinterpret_cast<const void*>(&ignore);
    }
    const struct {
        std::size_t slot;
        const void* function;
    } ours[] = {
        {0, reinterpret_cast<const void*>(&queryInterface)},
        {1, reinterpret_cast<const void*>(&reference)},
        {2, reinterpret_cast<const void*>(&reference)},
        {kCallbackInitialize, reinterpret_cast<const void*>(&initialize)},
        {kCallbackShutdown, reinterpret_cast<const void*>(&shutdown)},
        {kCallbackModuleUnloadStarted, reinterpret_cast<const void*>(&moduleUnloadStarted)},
        {kCallbackExceptionThrown, reinterpret_cast<const void*>(&exceptionThrown)},
        {kCallbackExceptionSearchCatcherFound, reinterpret_cast<const void*>(&handlerFound)},
        {kCallbackExceptionClrCatcherFound, reinterpret_cast<const void*>(&handlerFoundInRuntime)},
        {kCallbackInitializeForAttach, reinterpret_cast<const void*>(&initializeForAttach)},
        {kCallbackEventPipeEventDelivered, reinterpret_cast<const void*>(&eventDelivered)},
        {kCallbackLoadAsNotificationOnly, reinterpret_cast<const void*>(&loadAsNotificationOnly)},
    };
    for (const auto& item : ours) {
        table.slots[item.slot] = item.function;
    }
    return table;
}

CallbackTable g_table;
struct {
    const CallbackTable* table;
} g_object = {&g_table};

} // namespace

void* profilerCallback() {
    if (g_table.slots[0] == nullptr) {
        g_table = makeTable();
    }
    return &g_object;
}

bool isProfilerCallback(const Guid& iid) {
    if (iid == kIidUnknown) {
        return true;
    }
    for (const Guid& known : kCallbackInterfaces) {
        if (iid == known) {
            return true;
        }
    }
    return false;
}

} // namespace firstchance::agent
