// graph_bench PID [rounds] [counts|graph|dominators]: times counts, heap graph and dominators of a running
// .NET process, or one of them. The process is held by ptrace meanwhile. Each measurement runs in a process
// of its own and is a line of JSON: {what, ms, cpuMs, objects, references, reachable, peakBytes}. For
// comparisons in one run; not a test.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "clr/runtime_location.h"
#include "clr/stopped_process.h"
#include "heap/graph/build_graph.h"
#include "heap/graph/dominators.h"
#include "heap/linear_census.h"

using namespace firstchance;

namespace {

//! \brief Wall and CPU time since its making; on a busy machine CPU time is the better measure.
class Stopwatch {
public:
    [[nodiscard]] double milliseconds() const {
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
    }
    [[nodiscard]] double cpuMilliseconds() const { return cpu() - cpu_; }

private:
    static double cpu() {
        rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        return 1e3 * static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
               1e-3 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    }
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    double cpu_ = cpu();
};

long peakBytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss * 1024;
}

struct Sizes {
    std::uint64_t objects = 0;
    std::uint64_t references = 0;
    std::uint64_t reachable = 0;
};

void print(const char* what, const Stopwatch& watch, const Sizes& sizes, long peakBefore) {
    std::printf("{\"what\":\"%s\",\"ms\":%.3f,\"cpuMs\":%.3f,\"objects\":%lu,\"references\":%lu,"
                "\"reachable\":%lu,\"peakBytes\":%ld}\n",
                what, watch.milliseconds(), watch.cpuMilliseconds(), sizes.objects, sizes.references,
                sizes.reachable, peakBytes() - peakBefore);
    std::fflush(stdout);
}

bool counts(Dac& dac, const GcHeap& heap) {
    const long before = peakBytes();
    const Stopwatch watch;
    const auto census = countObjects(dac, heap);
    if (census) {
        print("counts", watch, {census->objects, 0, 0}, before);
    }
    return census.has_value();
}

//! \brief As a census builds it: names of types, not of what holds the roots.
Result<HeapGraph> build(Dac& dac, const GcHeap& heap) {
    GraphOptions options;
    options.rootNames = false;
    return buildHeapGraph(dac, heap, options);
}

bool graph(Dac& dac, const GcHeap& heap) {
    const long before = peakBytes();
    const Stopwatch watch;
    const auto built = build(dac, heap);
    if (!built) {
        std::fprintf(stderr, "%s\n", describe(built.error()).c_str());
        return false;
    }
    print("graph", watch, {built->size(), built->edges.size(), built->reachableCount}, before);
    return true;
}

bool dominators(Dac& dac, const GcHeap& heap) {
    const long before = peakBytes();
    const auto built = build(dac, heap);
    const Stopwatch watch;
    const auto found = built ? computeDominators(*built) : fail(built.error());
    if (!found) {
        std::fprintf(stderr, "%s\n", describe(found.error()).c_str());
        return false;
    }
    print("dominators", watch, {built->size(), built->edges.size(), built->reachableCount}, before);
    return true;
}

//! \brief In a child: its peak of memory is this one measurement's.
bool measure(bool (*what)(Dac&, const GcHeap&), const StoppedProcess& image, const RuntimeLocation& runtime) {
    const pid_t child = ::fork();
    if (child == 0) {
        const auto dac = Dac::open(image, runtime);
        const auto heap = dac ? readGcHeap(**dac) : fail(dac.error());
        if (!heap) {
            std::fprintf(stderr, "%s\n", describe(heap.error()).c_str());
        }
        ::_exit(heap && what(**dac, *heap) ? 0 : 1);
    }
    int status = 0;
    return child > 0 && ::waitpid(child, &status, 0) == child && status == 0;
}

struct Measurement {
    std::string_view name;
    bool (*run)(Dac&, const GcHeap&);
};
constexpr std::array<Measurement, 3> kMeasurements{
    {{"counts", &counts}, {"graph", &graph}, {"dominators", &dominators}}};

} // namespace

int main(int count, char** arguments) {
    if (count < 2) {
        std::fprintf(stderr, "graph_bench PID [rounds] [counts|graph|dominators]\n");
        return 64;
    }
    const std::string_view only = count > 3 ? arguments[3] : "";
    const StoppedProcess image(std::atoi(arguments[1]));
    const auto runtime = locateRuntime(image);
    if (!runtime) {
        std::fprintf(stderr, "%s\n", describe(runtime.error()).c_str());
        return 1;
    }
    for (int i = 0; i < (count > 2 ? std::atoi(arguments[2]) : 1); ++i) {
        for (const auto& [name, what] : kMeasurements) {
            if ((only.empty() || only == name) && !measure(what, image, *runtime)) {
                return 1;
            }
        }
    }
    return 0;
}
