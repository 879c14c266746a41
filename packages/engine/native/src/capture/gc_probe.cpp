#include "capture/gc_probe.h"

#include "capture/child_process.h"
#include "clr/dac.h"
#include "clr/gc_heap.h"
#include "clr/runtime_location.h"
#include "linux/live_process.h"

namespace firstchance {
namespace {

constexpr std::chrono::seconds kProbeLimit{1};

int probe(pid_t pid, LineChannel& channel) {
    const auto live = LiveProcess::open(pid);
    if (!live) {
        return 1;
    }
    const auto runtime = locateRuntime(**live);
    if (!runtime) {
        return 1;
    }
    const auto dac = Dac::open(**live, *runtime);
    if (!dac) {
        return 1;
    }
    const auto counter = findGcCounter(**dac);
    if (!counter) {
        return 1;
    }
    channel.send({{"counter", counter->value()}});
    return 0;
}

} // namespace

Address probeGcCounter(pid_t pid) {
    const auto child = ChildProcess::start([pid](LineChannel& channel) { return probe(pid, channel); },
                                           ChildProcess::OnParentDeath::Kill);
    if (!child) {
        return {};
    }
    const auto answer = (*child)->channel().receive(kProbeLimit);
    (*child)->kill();
    return answer && answer->is_object() ? Address(answer->value("counter", std::uint64_t{0})) : Address();
}

} // namespace firstchance
