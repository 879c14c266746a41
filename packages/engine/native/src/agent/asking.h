#pragma once

#include "agent/agent.h"
#include "agent/exception_message.h"
#include "agent/thread_state.h"

namespace firstchance::agent {

//! \brief What a thread asks the engine.
struct Question {
    Trigger trigger;
    Text detail;
    ExceptionFacts exception;           //!< type empty: none
    const StackFrames* stack = nullptr; //!< null: not known
    const RunningTests::Match* test = nullptr;
};

//! \brief Asks and waits, at most the filter's time. After one time-out, or when nobody listens,
//! silentGeneration is set. \p buffer has kMaxMessageBytes. Keeps errno. Async-signal-safe.
AskOutcome ask(Agent& agent, const Question& question, unsigned char* buffer);

//! \brief Whether asks are given up until the filter changes.
[[nodiscard]] bool isSilent(const Agent& agent);

//! \brief Counts a match that was not asked for; the agent's thread tells the engine.
void countSkipped(Agent& agent, TypeInfo& type, SkipReason reason);

} // namespace firstchance::agent
