#include "agent/armed_state.h"

#include "agent/agent_log.h"
#include "agent/crash_hooks.h"
#include "agent/test_events.h"

namespace firstchance::agent {
namespace {

pthread_mutex_t g_mutex = PTHREAD_MUTEX_INITIALIZER;
std::uint32_t g_mask = 0;
std::uint64_t g_testSession = 0;
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
    return mask;
}

} // namespace

bool applyMode(Agent& agent) {
    const Lock lock(g_mutex);
    const std::uint32_t mode = agent.mode();
    const std::uint32_t mask = maskFor(mode);
    if (g_mask == 0 && mask != 0) {
        agent.types.forgetAddresses(); // unloads were not seen while nothing was armed
        agent.stacks.forgetAddresses();
    }
    const std::uint32_t high = (mode & kTests) != 0 ? kHighMonitorEventPipe : 0;
    const HResult result = call(agent.profilerInfo, kInfoSetEventMask2, mask, high);
    logLine("mode %u: event mask 0x%x/0x%x, 0x%08x", mode, mask, high, static_cast<unsigned>(result));
    if (result < 0) {
        return false;
    }
    g_mask = mask;
    if ((mode & kTests) != 0 && g_testSession == 0) {
        g_testSession = startTestSession(agent.profilerInfo);
    } else if ((mode & kTests) == 0 && g_testSession != 0) {
        stopTestSession(agent.profilerInfo, g_testSession);
        g_testSession = 0;
    }
    if ((mode & kUnhandled) != 0 && !g_crashHooks) {
        g_crashHooks = installCrashHooks(agent);
    }
    return true;
}

} // namespace firstchance::agent
