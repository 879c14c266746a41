#include "agent/test_events.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/agent_thread.h"
#include "agent/event_session.h"
#include "agent/name_buffer.h"

namespace firstchance::agent {
namespace {

constexpr Utf16 kProviderName[] = u"xUnit.TestEventSource";
constexpr std::uint32_t kTestStart = 1;
constexpr std::uint32_t kTestStop = 2;

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
    return startEventSession(profilerInfo, kProviderName, ~0ULL, kVerbose);
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
    static std::atomic<std::uintptr_t> known{0};
    if ((eventId != kTestStart && eventId != kTestStop) || (agent.mode() & kTests) == 0 || data == nullptr ||
        !isEventProvider(agent.profilerInfo, provider, kProviderName, known)) {
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
