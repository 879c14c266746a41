#include "agent/event_session.h"

#include "agent/agent_log.h"

namespace firstchance::agent {
namespace {

struct ProviderConfig { // COR_PRF_EVENTPIPE_PROVIDER_CONFIG
    const Utf16* name;
    std::uint64_t keywords;
    std::uint32_t level;
    const Utf16* filterData;
};

bool isSameName(const Utf16* one, const Utf16* other) {
    for (; *one == *other; ++one, ++other) {
        if (*one == 0) {
            return true;
        }
    }
    return false;
}

} // namespace

std::uint64_t startEventSession(void* profilerInfo, const Utf16* provider, std::uint64_t keywords,
                                std::uint32_t level) {
    const ProviderConfig config{provider, keywords, level, nullptr};
    std::uint64_t session = 0;
    const HResult result =
        call(profilerInfo, kInfoEventPipeStartSession, std::uint32_t{1}, &config, 0, &session);
    logLine("EventPipe session: 0x%08x", static_cast<unsigned>(result));
    return result >= 0 ? session : 0;
}

void stopEventSession(void* profilerInfo, std::uint64_t session) {
    call(profilerInfo, kInfoEventPipeStopSession, session);
}

bool isEventProvider(void* profilerInfo, std::uintptr_t provider, const Utf16* name,
                     std::atomic<std::uintptr_t>& known) {
    if (known.load(std::memory_order_relaxed) == provider) {
        return true;
    }
    Utf16 found[64];
    std::uint32_t length = 0;
    if (call(profilerInfo, kInfoEventPipeGetProviderInfo, provider, std::uint32_t{64}, &length, found) < 0 ||
        length == 0 || length > 64 || found[length - 1] != 0 || !isSameName(found, name)) {
        return false;
    }
    known.store(provider, std::memory_order_relaxed);
    return true;
}

} // namespace firstchance::agent
