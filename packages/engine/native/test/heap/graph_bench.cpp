// graph_bench PID [rounds] [warm MB]: times counts, heap graph and dominators of a running .NET process,
// which is held by ptrace meanwhile. Each measurement runs in a process of its own and is a line of JSON:
// {what, ms, cpuMs, objects, references, reachable, peakBytes}. For comparisons in one run; not a test.
//
// A virtual machine may give memory that is free back to its host, and it costs up to 3 ms of processor time
// per MB to have it again, several times the work measured here. With \c warm, as much is used and freed
// beforehand.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "base/big_array.h"
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

//! \brief Runs \p what in a child; true if it says so.
template <class What> bool inChild(What what) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(what() ? 0 : 1);
    }
    int status = 0;
    return child > 0 && ::waitpid(child, &status, 0) == child && status == 0;
}

bool useAndFree(std::size_t megabytes) {
    BigArray<std::uint64_t> memory(megabytes << 17U);
    for (std::size_t i = 0; i < memory.capacity(); i += 512) {
        memory[i] = 1;
    }
    return true;
}

//! \brief In a child: its peak of memory is this one measurement's.
bool measure(bool (*what)(Dac&, const GcHeap&), const StoppedProcess& image, const RuntimeLocation& runtime) {
    return inChild([&] {
        const auto dac = Dac::open(image, runtime);
        const auto heap = dac ? readGcHeap(**dac) : fail(dac.error());
        if (!heap) {
            std::fprintf(stderr, "%s\n", describe(heap.error()).c_str());
        }
        return heap && what(**dac, *heap);
    });
}

} // namespace

int main(int count, char** arguments) {
    if (count < 2) {
        std::fprintf(stderr, "graph_bench PID [rounds] [warm MB]\n");
        return 64;
    }
    const int rounds = count > 2 ? std::atoi(arguments[2]) : 1;
    const auto warm = static_cast<std::size_t>(count > 3 ? std::atoi(arguments[3]) : 0);
    const StoppedProcess image(std::atoi(arguments[1]));
    const auto runtime = locateRuntime(image);
    if (!runtime) {
        std::fprintf(stderr, "%s\n", describe(runtime.error()).c_str());
        return 1;
    }
    for (int i = 0; i < rounds; ++i) {
        for (const auto what : {&counts, &graph, &dominators}) {
            if (!inChild([&] { return useAndFree(warm); }) || !measure(what, image, *runtime)) {
                return 1;
            }
        }
    }
    return 0;
}
