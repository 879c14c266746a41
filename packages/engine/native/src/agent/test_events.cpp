#include "agent/test_events.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/agent_log.h"
#include "agent/agent_thread.h"
#include "agent/name_buffer.h"

namespace firstchance::agent {
namespace {

constexpr Utf16 kProviderName[] = u"xUnit.TestEventSource";
constexpr std::uint32_t kTestStart = 1;
constexpr std::uint32_t kTestStop = 2;

struct ProviderConfig { // COR_PRF_EVENTPIPE_PROVIDER_CONFIG
    const Utf16* name;
    std::uint64_t keywords;
    std::uint32_t level;
    const Utf16* filterData;
};

bool isXunit(const Agent& agent, std::uintptr_t provider) {
    static std::atomic<std::uintptr_t> known{0};
    if (known.load(std::memory_order_relaxed) == provider) {
        return true;
    }
    Utf16 name[64];
    std::uint32_t length = 0;
    if (call(agent.profilerInfo, kInfoEventPipeGetProviderInfo, provider, std::uint32_t{64}, &length, name) <
            0 ||
        length != sizeof kProviderName / sizeof(Utf16) ||
        ::memcmp(name, kProviderName, sizeof kProviderName) != 0) {
        return false;
    }
    known.store(provider, std::memory_order_relaxed);
    return true;
}

TestState stateOf(const TestPayload& payload) {
    if (!payload.hasResult) {
        return TestState::Ended; // xunit v2 does not say
    }
    switch (payload.result) {
    case 0: return TestState::Passed;
    case 1: return TestState::Failed;
    case 2: return TestState::Skipped;
    default: return TestState::Ended;
    }
}

} // namespace

std::uint64_t startTestSession(void* profilerInfo) {
    constexpr std::uint32_t kVerbose = 5;
    const ProviderConfig config{kProviderName, ~0ULL, kVerbose, nullptr};
    std::uint64_t session = 0;
    const HResult result =
        call(profilerInfo, kInfoEventPipeStartSession, std::uint32_t{1}, &config, 0, &session);
    logLine("EventPipe session for tests: 0x%08x", static_cast<unsigned>(result));
    return result >= 0 ? session : 0;
}

void stopTestSession(void* profilerInfo, std::uint64_t session) {
    call(profilerInfo, kInfoEventPipeStopSession, session);
}

TestPayload parseTestPayload(const unsigned char* data, std::uint32_t bytes) {
    TestPayload payload;
    std::uint32_t length = 0; // in UTF-16 units; the payload is not aligned
    Utf16 unit = 0;
    Utf16 name[kMaxNameBytes];
    while ((length + 1) * sizeof unit <= bytes) {
        ::memcpy(&unit, data + length * sizeof unit, sizeof unit);
        if (unit == 0) {
            break;
        }
        if (length < kMaxNameBytes) {
            name[length] = unit;
        }
        ++length;
    }
    payload.nameSize =
        toUtf8(name, length < kMaxNameBytes ? length : kMaxNameBytes, payload.name, sizeof payload.name);
    const std::size_t end = (length + std::size_t{1}) * sizeof unit;
    if (bytes >= end + sizeof payload.result) {
        ::memcpy(&payload.result, data + end, sizeof payload.result);
        payload.hasResult = true;
    }
    return payload;
}

void onEventDelivered(Agent& agent, std::uintptr_t provider, std::uint32_t eventId, const unsigned char* data,
                      std::uint32_t bytes) {
    if ((eventId != kTestStart && eventId != kTestStop) || (agent.mode() & kTests) == 0 || data == nullptr ||
        !isXunit(agent, provider)) {
        return;
    }
    const TestPayload payload = parseTestPayload(data, bytes);
    const Text name(payload.name, payload.nameSize);
    const auto thread = static_cast<pid_t>(::syscall(SYS_gettid));
    TestState state = TestState::Started;
    if (eventId == kTestStart) {
        agent.tests.start(name, thread);
    } else {
        agent.tests.stop(name);
        state = stateOf(payload);
    }
    unsigned char buffer[kMaxNameBytes + 64];
    MessageWriter message = beginMessage(buffer, sizeof buffer, MessageKind::Test);
    message.u32(static_cast<std::uint32_t>(thread));
    message.u8(static_cast<std::uint8_t>(state));
    message.text(name);
    sendToEngine(message);
}

} // namespace firstchance::agent
