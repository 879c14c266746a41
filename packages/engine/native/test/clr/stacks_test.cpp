#include "clr/stacks.h"

#include <algorithm>

#include <gmock/gmock.h>

#include "clr/clr_fixture.h"
#include "clr/exceptions.h"
#include "clr/reader_walk.h"
#include "clr/stack_words.h"

namespace firstchance {
namespace {

using testing::ElementsAre;
using testing::Not;

class StacksTest : public ClrTest {
protected:
    static ClrThread thread(const std::string& name) {
        const auto threads = readThreads(dac());
        EXPECT_TRUE(threads);
        const auto found = std::find_if(threads->begin(), threads->end(),
                                        [&](const ClrThread& t) { return t.name == name; });
        EXPECT_NE(threads->end(), found) << name;
        return found == threads->end() ? ClrThread{} : *found;
    }
    //! \brief The managed frames in our own assembly, newest first.
    static std::vector<std::string> ownFrames(const std::vector<ClrFrame>& stack) {
        std::vector<std::string> names;
        for (const ClrFrame& frame : stack) {
            if (frame.kind == ClrFrame::Kind::Managed && frame.module == "Subject.dll") {
                names.push_back(frame.method);
            }
        }
        return names;
    }
    static std::vector<ClrFrame> stackOf(const std::string& name) {
        const auto stack = readStack(dac(), thread(name).osId);
        EXPECT_TRUE(stack);
        return stack.value_or(std::vector<ClrFrame>{});
    }
};

TEST_F(StacksTest, NamesEachFrameOfABlockedThread) {
    const auto stack = stackOf("blocked on the lock");
    EXPECT_THAT(ownFrames(stack), testing::IsSupersetOf({"Subject.Blocked.EnterLock(System.Object, Int32)"}));
    const auto frame =
        std::find_if(stack.begin(), stack.end(), [](const ClrFrame& f) { return f.module == "Subject.dll"; });
    ASSERT_NE(stack.end(), frame);
    EXPECT_EQ(DotnetSubject::assemblyPath(), frame->modulePath);
    EXPECT_EQ(0x06000000U, frame->token & 0xFF000000U);
    EXPECT_TRUE(frame->ilOffset);
    const Mapping* code = image().findMapping(frame->ip);
    ASSERT_NE(nullptr, code);
    EXPECT_TRUE(code->executable);
    Address last;
    for (const ClrFrame& managed : stack) {
        if (managed.kind == ClrFrame::Kind::Managed) {
            EXPECT_GT(managed.sp, last); // newest first
            last = managed.sp;
        }
    }
}

TEST_F(StacksTest, WritesGenericMethodsReadably) {
    EXPECT_THAT(ownFrames(stackOf("a generic one")),
                testing::Contains(
                    "Subject.Generic<System.__Canon>.SleepIn<Subject.Pair>(Subject.Pair, System.String)"));
}

TEST_F(StacksTest, TellsWhatThreadsDo) {
    EXPECT_EQ("waiting", thread("holder").state);
    EXPECT_EQ("waiting", thread("blocked on the lock").state);
    EXPECT_EQ("running", thread("spinner").state);
    EXPECT_EQ("blocked", thread(image().commandName()).state); // in read(2): nothing the runtime knows of
    EXPECT_TRUE(thread(".NET Finalizer").finalizer);
    EXPECT_TRUE(thread("holder").background);
    EXPECT_FALSE(thread(image().commandName()).background);
    EXPECT_FALSE(thread("holder").threadPool);
    EXPECT_EQ(thread(image().commandName()).osId, static_cast<std::uint32_t>(image().pid()));
}

TEST_F(StacksTest, FindsTheLoopOfABusyThread) {
    const auto stack = stackOf("spinner");
    ASSERT_FALSE(stack.empty());
    EXPECT_THAT(ownFrames(stack), testing::Contains("Subject.Spinner.Spin()"));
}

TEST_F(StacksTest, KeepsToTheLimit) {
    const auto stack = readStack(dac(), thread("holder").osId, 2);
    ASSERT_TRUE(stack);
    EXPECT_EQ(2U, stack->size());
}

TEST_F(StacksTest, SaysWhenAThreadIsUnknown) {
    const auto stack = readStack(dac(), 1);
    ASSERT_FALSE(stack);
    EXPECT_EQ(ErrorCode::DacFailed, stack.error().code);
}

TEST_F(StacksTest, ReadsAnExceptionInFlightWithItsInnerOne) {
    const ClrThread throwing = thread("throwing");
    EXPECT_TRUE(throwing.exceptionInFlight);
    const auto exception = readException(dac(), throwing.lastThrownObject);
    ASSERT_TRUE(exception) << describe(exception.error());
    EXPECT_EQ("Subject.OrderException", exception->type);
    EXPECT_EQ("no order of 7", exception->message);
    EXPECT_EQ(static_cast<std::int32_t>(0x81234567), exception->hresult);
    EXPECT_THAT(ownFrames(exception->stack),
                ElementsAre("Subject.Order.Place(Int32)", "Subject.Throwing.InFilter()"));
    ASSERT_EQ(1U, exception->inner.size());
    const ClrException& inner = exception->inner.front();
    EXPECT_EQ("System.InvalidOperationException", inner.type);
    EXPECT_EQ("only 3 left, not 7", inner.message);
    EXPECT_EQ(static_cast<std::int32_t>(0x80131509), inner.hresult);
    EXPECT_THAT(ownFrames(inner.stack),
                ElementsAre("Subject.Stock.Take(Int32)", "Subject.Order.Place(Int32)"));
    for (const ClrFrame& frame : inner.stack) {
        EXPECT_NE(0U, frame.token);
        EXPECT_TRUE(frame.ilOffset);
    }
    EXPECT_TRUE(inner.inner.empty());
}

TEST_F(StacksTest, ShowsTheThrowingFramesOfAThreadInAFilter) {
    EXPECT_THAT(ownFrames(stackOf("throwing")),
                testing::IsSupersetOf({"Subject.Throwing.Stand()", "Subject.Order.Place(Int32)",
                                       "Subject.Throwing.InFilter()"}));
}

TEST_F(StacksTest, ReadsAllOfAnAggregate) {
    const auto exception = readException(dac(), thread("aggregate").lastThrownObject);
    ASSERT_TRUE(exception);
    EXPECT_EQ("System.AggregateException", exception->type);
    EXPECT_EQ("several", exception->message);
    ASSERT_EQ(2U, exception->inner.size());
    EXPECT_EQ("first", exception->inner[0].message);
    EXPECT_EQ("nested", exception->inner[1].message);
    ASSERT_EQ(1U, exception->inner[1].inner.size());
    EXPECT_EQ("System.ArgumentException", exception->inner[1].inner[0].type);
    EXPECT_EQ("second\xF0\x9F\x98\x80", exception->inner[1].inner[0].message);
}

TEST_F(StacksTest, TellsAStoredMessageFromNone) {
    const auto exception = readException(dac(), thread("silent").lastThrownObject);
    ASSERT_TRUE(exception);
    EXPECT_EQ("Subject.SilentException", exception->type);
    EXPECT_FALSE(exception->message);
}

TEST_F(StacksTest, ForgetsWhatWasHandled) {
    EXPECT_FALSE(thread("caught before").exceptionInFlight);
}

TEST_F(StacksTest, RefusesWhatIsNoException) {
    for (const Address address :
         {Address(), Address(1), Address(0x1000), runtime().base, Address(UINT64_MAX - 3)}) {
        const auto exception = readException(dac(), address);
        ASSERT_FALSE(exception);
        EXPECT_EQ(ErrorCode::InvalidArgument, exception.error().code);
    }
}

TEST_F(StacksTest, FindsWhatAThrowingThreadHoldsWordByWord) {
    const ClrThread throwing = thread("throwing");
    std::vector<std::string> holders;
    for (const StackWord& word : stackWords(dac(), throwing.osId, true)) {
        if (word.value == throwing.lastThrownObject) {
            holders.push_back(word.method);
        }
    }
    EXPECT_THAT(holders, testing::Contains(testing::StartsWith("System.Runtime.EH.")));
    EXPECT_THAT(stackWords(dac(), 0, true), testing::IsEmpty());
    for (const StackWord& word : stackWords(dac(), throwing.osId, false)) {
        EXPECT_EQ("", word.method);
    }
}

// The DAC of .NET 10 dies when it is asked for the references of a thread in an exception filter
// ("throwing"); those of the threads after it in the list must be recorded all the same.
TEST_F(StacksTest, AskingForStackReferencesSurvivesTheDac) {
    touchWhatReadersAsk(dac(), true);
    const auto pages = dac().touchedPages();
    const auto threads = image().threads();
    const std::uint32_t last = thread("silent").osId;
    const auto found = std::find_if(threads.begin(), threads.end(), [&](const ThreadImage& t) {
        return static_cast<std::uint32_t>(t.tid) == last;
    });
    ASSERT_NE(threads.end(), found);
    EXPECT_TRUE(std::any_of(pages.begin(), pages.end(),
                            [&](AddressRange r) { return r.contains(found->stackPointer()); }));
    EXPECT_TRUE(std::is_sorted(pages.begin(), pages.end(),
                               [](AddressRange a, AddressRange b) { return a.end < b.begin; }));
}

} // namespace
} // namespace firstchance
