#include "agent/exception_watch.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/agent_thread.h"
#include "agent/asking.h"
#include "agent/limits.h"
#include "agent/raw_memory.h"
#include "agent/thread_state.h"

namespace firstchance::agent {
namespace {

//! What is known of the exception that flies by.
struct Thrown {
    ObjectId object;
    std::uintptr_t methodTable;
    TypeInfo& type;
    ObjectId message; //!< _message, 0 for null
    bool rethrow;
};

// `throw;`, an await and ExceptionDispatchInfo keep the stack trace; `throw ex;` clears it but throws the
// same object again on the same thread. A collection between two throws can put another exception at the same
// address: one of the same type and with the same message object is taken for a rethrow all the same.
bool isRethrow(const ThreadState& thread, const ExceptionLayout& layout, const Thrown& thrown) {
    return layout.stackTrace(thrown.object) != 0 ||
           (thread.lastObject == thrown.object && thread.lastMethodTable == thrown.methodTable &&
            thread.lastMessage == thrown.message);
}

// An inner exception with a stack trace has been thrown before: it was seen then.
bool wrapsSeenException(const ExceptionLayout& layout, const Thrown& thrown) {
    if (!thrown.type.isWrapper) {
        return false;
    }
    const ObjectId inner = layout.inner(thrown.object);
    return inner != 0 && layout.stackTrace(inner) != 0;
}

void rememberForCrash(ThreadState& thread, const ExceptionLayout& layout, const Thrown& thrown) {
    thread.thrownType = &thrown.type;
    thread.thrownHresult = layout.hresult(thrown.object);
    thread.thrownHasMessage = thrown.message != 0;
    thread.thrownMessageSize = 0;
    if (thrown.message != 0) {
        thread.thrownMessageSize = static_cast<std::uint16_t>(
            layout.copyString(thrown.message, thread.thrownMessage, sizeof thread.thrownMessage));
    }
}

//! "Full.Type.Name: message" in the thread's buffer, made at most once per exception.
class ExceptionText {
public:
    ExceptionText(ThreadState& thread, const ExceptionLayout& layout, const Thrown& thrown)
        : thread_(thread), layout_(layout), thrown_(thrown) {}

    Text whole() {
        if (size_ == 0) {
            const Text type = thrown_.type.names.name;
            ::memcpy(thread_.text, type.data, type.size);
            ::memcpy(thread_.text + type.size, ": ", 2);
            size_ = type.size + 2;
            if (thrown_.message != 0) {
                size_ += layout_.copyString(thrown_.message, thread_.text + size_, kMaxExceptionTextBytes);
            }
        }
        return {thread_.text, size_};
    }
    Text message() { return whole().from(thrown_.type.names.name.size + 2); }

private:
    ThreadState& thread_;
    const ExceptionLayout& layout_;
    const Thrown& thrown_;
    std::size_t size_ = 0;
};

bool passesFilter(Agent& agent, const Thrown& thrown, ExceptionText& text) {
    const FilterHolder::Reader reader(agent.filter);
    const Filter* filter = reader.get();
    if (filter == nullptr) {
        return false;
    }
    const auto [include, exclude] = thrown.type.judge(*filter);
    if (exclude == TypeVerdict::Matches ||
        (include == TypeVerdict::AskMessage &&
         !filter->include.matchesText(text.whole(), thrown.type.names.name.size))) {
        return false;
    }
    return exclude != TypeVerdict::AskMessage ||
           !filter->exclude.matchesText(text.whole(), thrown.type.names.name.size);
}

ExceptionFacts factsOf(const ExceptionLayout& layout, const Thrown& thrown, ExceptionText& text) {
    return {thrown.type.names.name,        thrown.message != 0, text.message(),
            layout.hresult(thrown.object), thrown.object,       thrown.methodTable};
}

void reportToLog(Agent& agent, ThreadState& thread, const Thrown& thrown, bool matched, ExceptionText& text) {
    MessageWriter message = beginMessage(thread.message, sizeof thread.message, MessageKind::Logged);
    message.u32(static_cast<std::uint32_t>(::syscall(SYS_gettid)));
    message.u8(static_cast<std::uint8_t>((thrown.rethrow ? kRethrow : 0) | (matched ? kMatched : 0)));
    writeException(message, factsOf(agent.types.layout(), thrown, text));
    sendLogged(message);
}

void handleMatch(Agent& agent, ThreadState& thread, const Thrown& thrown, ExceptionText& text) {
    ControlLayout& control = *agent.control.load(std::memory_order_acquire);
    if (isSilent(agent)) {
        countSkipped(agent, thrown.type, SkipReason::Timeout);
        return;
    }
    agent.stacks.read(agent.profilerInfo, thread.stack);
    agent.tests.match(static_cast<pid_t>(::syscall(SYS_gettid)), thread.test);
    const Limit limit = takeFromLimits(control, placeKey(thrown.type.hash, thread.stack), thrown.type.hash,
                                       thread.test.askCount);
    if (limit != Limit::None) {
        countSkipped(agent, thrown.type, static_cast<SkipReason>(static_cast<int>(limit) - 1));
        return;
    }
    const Question question{Trigger::FirstChance, "", factsOf(agent.types.layout(), thrown, text),
                            &thread.stack, &thread.test};
    if (ask(agent, question, thread.message) == AskOutcome::TimedOut) {
        countSkipped(agent, thrown.type, SkipReason::Timeout);
    }
}

} // namespace

void onExceptionThrown(Agent& agent, ObjectId exception) {
    const std::uint32_t mode = agent.mode();
    if ((mode & (kFirstChance | kLog | kUnhandled)) == 0 || exception == 0) {
        return;
    }
    ThreadState* thread = threadState();
    const std::uintptr_t methodTable = *memoryAt<const std::uintptr_t>(exception) & ~std::uintptr_t{7};
    TypeInfo* type = agent.types.find(methodTable);
    if (type == nullptr) {
        type = agent.types.identify(agent.profilerInfo, exception, methodTable);
    }
    if (thread == nullptr || type == nullptr) {
        return;
    }
    const ExceptionLayout& layout = agent.types.layout();
    Thrown thrown{exception, methodTable, *type, layout.message(exception), false};
    thrown.rethrow = isRethrow(*thread, layout, thrown);
    thread->lastObject = exception;
    thread->lastMethodTable = methodTable;
    thread->lastMessage = thrown.message;
    thread->uncaught = true;
    if ((mode & kUnhandled) != 0) {
        rememberForCrash(*thread, layout, thrown);
    }
    if ((mode & (kFirstChance | kLog)) == 0 || (thrown.rethrow && (mode & kLog) == 0)) {
        return;
    }
    ControlLayout& control = *agent.control.load(std::memory_order_acquire);
    if (agent.filter.isStale(control)) {
        agent.filter.refresh(control);
    }
    ExceptionText text(*thread, layout, thrown);
    const bool matched =
        !thrown.rethrow && !wrapsSeenException(layout, thrown) && passesFilter(agent, thrown, text);
    if ((mode & kLog) != 0) {
        reportToLog(agent, *thread, thrown, matched, text);
    }
    if (matched) {
        control.matched.fetch_add(1, std::memory_order_relaxed);
        if ((mode & kFirstChance) != 0) {
            handleMatch(agent, *thread, thrown, text);
        }
    }
}

void onHandlerFound() {
    if (ThreadState* thread = existingThreadState()) {
        thread->uncaught = false;
    }
}

} // namespace firstchance::agent
