#pragma once

#include "agent/agent.h"

namespace firstchance::agent {

//! \brief Starts an EventPipe session on xUnit.TestEventSource whose events come to onEventDelivered(). 0 on
//! failure.
[[nodiscard]] std::uint64_t startTestSession(void* profilerInfo);

//! \brief ICorProfilerCallback10::EventPipeEventDelivered: on the thread that writes the event, in preemptive
//! mode.
void onEventDelivered(Agent& agent, std::uintptr_t provider, std::uint32_t eventId, const unsigned char* data,
                      std::uint32_t bytes);

//! \brief A test event's payload: the test's name, in xunit v3 followed by an i32 result.
struct TestPayload {
    std::size_t nameSize = 0;
    char name[kMaxNameBytes];
    bool hasResult = false;
    std::int32_t result = 0;
};
[[nodiscard]] TestPayload parseTestPayload(const unsigned char* data, std::uint32_t bytes);

} // namespace firstchance::agent
