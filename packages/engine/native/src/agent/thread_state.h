#pragma once

#include "agent/clr_api.h"
#include "agent/protocol.h"
#include "agent/running_tests.h"
#include "agent/stack_frames.h"
#include "agent/type_cache.h"

namespace firstchance::agent {

//! \brief What the agent keeps per thread that throws: the last exception, and buffers that would be too
//! large for a stack of which nothing is known.
struct ThreadState {
    ObjectId lastObject = 0;
    std::uintptr_t lastMethodTable = 0;
    ObjectId lastMessage = 0;

    // Of the last throw, for a crash on this thread; kept while unhandled exceptions are armed.
    const TypeInfo* thrownType = nullptr;
    bool uncaught = false; //!< no handler has been found for it yet
    bool thrownHasMessage = false;
    std::int32_t thrownHresult = 0;
    std::uint16_t thrownMessageSize = 0;
    char thrownMessage[512];

    char text[kMaxNameBytes + 2 + kMaxExceptionTextBytes]; //!< "Full.Type.Name: message"
    StackFrames stack;
    RunningTests::Match test;
    unsigned char message[kMaxMessageBytes];
};

//! \brief Once, before the first use.
[[nodiscard]] bool prepareThreadStates();
//! \brief This thread's state; made on the first call, null when memory has run out.
[[nodiscard]] ThreadState* threadState();
//! \brief This thread's state if it has one. Async-signal-safe.
[[nodiscard]] ThreadState* existingThreadState();

} // namespace firstchance::agent
