#include "agent/armed_state.h"

#include "agent/agent_log.h"
#include "agent/crash_hooks.h"
#include "agent/event_session.h"
#include "agent/finalizer_watch.h"
#include "agent/sampler.h"
#include "agent/test_events.h"

namespace firstchance::agent {
namespace {

pthread_mutex_t g_mutex = PTHREAD_MUTEX_INITIALIZER;
std::uint32_t g_mask = 0;
std::uint64_t g_testSession = 0;
std::uint64_t g_gcSession = 0;
std::uint64_t g_allocationSession = 0;
bool g_watchesFinalizers = false;
AllocationWatch g_allocationWatch = AllocationWatch::None;
bool g_crashHooks = false;

std::uint32_t maskFor(std::uint32_t mode) {
    std::uint32_t mask = 0;
    if ((mode & (kFirstChance | kLog | kUnhandled)) != 0) {
        // Unloaded modules make the caches forget: only then may an address be given to something else.
        mask |= kMonitorExceptions | kMonitorModuleLoads;
    }
    if ((mode & kFirstChance) != 0) {
        mask |= kEnableStackSnapshot;
    }
    if (g_allocationWatch != AllocationWatch::None) {
        mask |= kEnableStackSnapshot | kMonitorModuleLoads;
    }
    return mask;
}

void setSession(std::uint64_t& session, bool wanted, void* profilerInfo, std::uint64_t (*start)(void*)) {
    if (wanted && session == 0) {
        session = start(profilerInfo);
    } else if (!wanted && session != 0) {
        stopEventSession(profilerInfo, session);
        session = 0;
    }
}

bool apply(Agent& agent) {
    const std::uint32_t mode = agent.mode();
    const std::uint32_t mask = maskFor(mode);
    if (g_mask == 0 && mask != 0) {
        agent.types.forgetAddresses(); // unloads were not seen while nothing was armed
        agent.stacks.forgetAddresses();
    }
    g_watchesFinalizers = g_watchesFinalizers && !agent.engineGone.load(std::memory_order_relaxed);
    const bool tests = (mode & kTests) != 0;
    const bool allocations = g_allocationWatch == AllocationWatch::Allocations;
    const std::uint32_t high = tests || g_watchesFinalizers || allocations ? kHighMonitorEventPipe : 0;
    const HResult result = call(agent.profilerInfo, kInfoSetEventMask2, mask, high);
    logLine("mode %u: event mask 0x%x/0x%x, 0x%08x", mode, mask, high, static_cast<unsigned>(result));
    if (result < 0) {
        return false;
    }
    g_mask = mask;
    setSession(g_testSession, tests, agent.profilerInfo, &startTestSession);
    setSession(g_gcSession, g_watchesFinalizers, agent.profilerInfo, &startGcSession);
    setSession(g_allocationSession, allocations, agent.profilerInfo, &startAllocationSession);
    if ((mode & kUnhandled) != 0 && !g_crashHooks) {
        g_crashHooks = installCrashHooks(agent);
    }
    return true;
}

} // namespace

bool applyMode(Agent& agent) {
    const Lock lock(g_mutex);
    return apply(agent);
}

bool watchFinalizers(Agent& agent) {
    const Lock lock(g_mutex);
    if (g_watchesFinalizers && g_gcSession != 0) {
        return true;
    }
    g_watchesFinalizers = true;
    return apply(agent) && g_gcSession != 0;
}

bool watchAllocations(Agent& agent, AllocationWatch watch) {
    const Lock lock(g_mutex);
    g_allocationWatch = watch;
    return apply(agent) && (g_allocationSession != 0) == (watch == AllocationWatch::Allocations);
}

} // namespace firstchance::agent
