#include "heap/timers.h"

#include <memory>

#include <gtest/gtest.h>

#include "clr/gc_heap.h"
#include "clr/runtime_location.h"
#include "clr/stopped_process.h"
#include "heap/graph/build_graph.h"
#include "heap/heap_subject.h"

namespace firstchance {
namespace {

TimerCounts timersOf(pid_t pid) {
    const StoppedProcess image(pid);
    const auto runtime = locateRuntime(image);
    EXPECT_TRUE(runtime);
    const auto dac = Dac::open(image, *runtime);
    EXPECT_TRUE(dac) << describe(dac.error());
    const auto heap = readGcHeap(**dac);
    EXPECT_TRUE(heap) << describe(heap.error());
    const auto graph = buildHeapGraph(**dac, *heap, {});
    EXPECT_TRUE(graph) << describe(graph.error());
    const auto timers = countTimers(**dac, *graph);
    EXPECT_TRUE(timers);
    return timers.value_or(TimerCounts{});
}

TEST(Timers, ThatEndByFiringAreToldFromThoseThatDoNot) {
    HeapSubject subject;
    const TimerCounts before = timersOf(subject.pid());
    subject.run("timers");
    const TimerCounts after = timersOf(subject.pid());
    EXPECT_EQ(before.all + 150, after.all);
    EXPECT_EQ(before.ending + 70, after.ending);
    EXPECT_EQ(0, subject.finish());
}

} // namespace
} // namespace firstchance
