// graph_bench PID [rounds]: times the heap graph and the counts of a running .NET process, which is held by
// ptrace meanwhile. For comparisons in one run; not a test.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "clr/runtime_location.h"
#include "clr/stopped_process.h"
#include "heap/graph/build_graph.h"
#include "heap/linear_census.h"

using namespace firstchance;

namespace {

double milliseconds(std::chrono::steady_clock::time_point since) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - since).count();
}

//! \brief CPU time of this process: on a busy machine the better measure.
double cpuMilliseconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return 1e3 * static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-3 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

long peakMegabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

bool round(const StoppedProcess& image, const RuntimeLocation& runtime) {
    const auto begin = std::chrono::steady_clock::now();
    auto dac = Dac::open(image, runtime);
    if (!dac) {
        std::fprintf(stderr, "%s\n", describe(dac.error()).c_str());
        return false;
    }
    const auto heap = readGcHeap(**dac);
    const double facts = milliseconds(begin);
    auto start = std::chrono::steady_clock::now();
    double cpu = cpuMilliseconds();
    const auto census = countObjects(**dac, *heap);
    const double counts = milliseconds(start);
    const double countsCpu = cpuMilliseconds() - cpu;
    const long before = peakMegabytes();
    start = std::chrono::steady_clock::now();
    cpu = cpuMilliseconds();
    auto graph = buildHeapGraph(**dac, *heap);
    const double built = milliseconds(start);
    const double builtCpu = cpuMilliseconds() - cpu;
    if (!census || !graph) {
        std::fprintf(stderr, "%s\n", describe(!graph ? graph.error() : census.error()).c_str());
        return false;
    }
    std::printf("facts %.1f ms, counts %.1f ms (CPU %.1f, %lu objects), graph %.1f ms (CPU %.1f): %u nodes, %zu edges, "
                "%lu reachable, %zu roots, %zu types, peak %ld -> %ld MB%s%s\n",
                facts, counts, countsCpu, census->objects, built, builtCpu, graph->size(), graph->edges.size(),
                graph->reachableCount, graph->roots.size(), graph->types.size(), before, peakMegabytes(),
                graph->complete ? "" : ", incomplete: ", graph->why.c_str());
    if (std::getenv("GRAPH_ROOTS") != nullptr) {
        std::map<std::string, int> names;
        for (const GraphRoot& root : graph->roots) {
            names[graph->rootNames[root.name] + " -> " + graph->types[graph->type[root.object]].name] += 1;
        }
        for (const auto& [name, count] : names) {
            std::printf("%6d %s\n", count, name.c_str());
        }
    }
    return true;
}

} // namespace

int main(int count, char** arguments) {
    if (count < 2) {
        std::fprintf(stderr, "graph_bench PID [rounds]\n");
        return 64;
    }
    const StoppedProcess image(std::atoi(arguments[1]));
    const auto runtime = locateRuntime(image);
    if (!runtime) {
        std::fprintf(stderr, "%s\n", describe(runtime.error()).c_str());
        return 1;
    }
    for (int i = 0; i < (count > 2 ? std::atoi(arguments[2]) : 1); ++i) {
        if (!round(image, *runtime)) {
            return 1;
        }
    }
    return 0;
}
