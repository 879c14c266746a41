#include "agent/asking.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/agent_log.h"
#include "agent/agent_thread.h"

namespace firstchance::agent {
namespace {

void writeQuestion(MessageWriter& message, const Question& question, std::uint64_t sequence) {
    message.u64(sequence);
    message.u32(static_cast<std::uint32_t>(::syscall(SYS_gettid)));
    message.u8(static_cast<std::uint8_t>(question.trigger));
    message.text(question.detail);
    writeException(message, question.exception);
    const std::uint32_t frames = question.stack != nullptr ? question.stack->count : 0;
    message.u32(frames);
    for (std::uint32_t i = 0; i < frames; ++i) {
        const StackFrame& frame = question.stack->frames[i];
        // Module names have no bound of their own; 200 bytes each leave room for everything else.
        message.text(frame.module != nullptr ? frame.module->name.first(200) : Text());
        message.u32(frame.method);
    }
    const RunningTests::Match* test = question.test;
    message.text(test != nullptr ? Text(test->name, test->nameSize) : Text());
    message.u32(test != nullptr ? test->candidates : 0);
}

} // namespace

bool isSilent(const Agent& agent) {
    const ControlLayout* control = agent.control.load(std::memory_order_acquire);
    return agent.silentGeneration.load(std::memory_order_relaxed) ==
           control->generation.load(std::memory_order_relaxed);
}

AskOutcome ask(Agent& agent, const Question& question, unsigned char* buffer) {
    const int keptErrno = errno;
    if (::getpid() != agent.pid) {
        return AskOutcome::NoEngine; // a fork of the target
    }
    ControlLayout& control = *agent.control.load(std::memory_order_acquire);
    const std::uint32_t generation = control.generation.load(std::memory_order_relaxed);
    const Deadline deadline(control.timeoutMs.load(std::memory_order_relaxed));
    const std::uint64_t sequence = agent.askSequence.fetch_add(1, std::memory_order_relaxed);
    MessageWriter message = beginMessage(buffer, kMaxMessageBytes, MessageKind::Ask);
    writeQuestion(message, question, sequence);
    const AskOutcome outcome = askEngine(control.socketPath, message, sequence, deadline);
    if (outcome == AskOutcome::TimedOut || outcome == AskOutcome::NoEngine) {
        agent.silentGeneration.store(generation, std::memory_order_relaxed);
        logLine("ask %llu: %s; no more asks until the filter changes",
                static_cast<unsigned long long>(sequence),
                outcome == AskOutcome::TimedOut ? "no answer in time" : "nobody listens");
    }
    errno = keptErrno;
    return outcome;
}

void countSkipped(Agent& agent, TypeInfo& type, SkipReason reason) {
    agent.control.load(std::memory_order_acquire)->skipped.fetch_add(1, std::memory_order_relaxed);
    type.skipped[static_cast<std::size_t>(reason)].fetch_add(1, std::memory_order_relaxed);
    wakeAgentThread();
}

} // namespace firstchance::agent
