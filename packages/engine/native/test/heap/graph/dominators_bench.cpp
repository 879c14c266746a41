// Prints what dominators cost on a generated graph: dominators_bench [MILLION_NODES] [local|scattered].
// local: objects lie near those that refer to them, as an allocator and a compacting collector leave them
// (9 of 10 references go less than 64 objects ahead). scattered: all references go anywhere.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "heap/graph/dominators.h"

namespace {

using namespace firstchance;

class Random {
public:
    std::uint32_t below(std::uint64_t bound) {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::uint32_t>(((state_ >> 32U) * bound) >> 32U);
    }

private:
    std::uint64_t state_ = 42;
};

//! \brief On average 1.5 references per node; a binary-tree-like backbone reaches nearly all of them.
HeapGraph generate(std::uint32_t nodes, bool local) {
    HeapGraph graph;
    graph.type = BigArray<std::uint32_t>(nodes);
    graph.size8 = BigArray<std::uint32_t>(nodes);
    graph.firstEdge = BigArray<std::uint32_t>(nodes + std::size_t{1});
    graph.edges = BigArray<std::uint32_t>(std::size_t{nodes} * 3);
    Random random;
    std::uint32_t next = 1; // the next node that nobody refers to yet
    for (std::uint32_t node = 0; node < nodes; ++node) {
        graph.type.push(random.below(1000));
        graph.size8.push(3 + random.below(8));
        graph.firstEdge.push(static_cast<std::uint32_t>(graph.edges.size()));
        const std::uint32_t own = next <= node + 1 ? 1 + random.below(2) : random.below(3);
        for (std::uint32_t i = 0; i < own && next < nodes; ++i) {
            graph.edges.push(next++);
        }
        if (random.below(2) == 0) {
            const bool near = local && random.below(10) != 0;
            graph.edges.push(near ? std::min(nodes - 1, node + random.below(64)) : random.below(nodes));
        }
    }
    graph.firstEdge.push(static_cast<std::uint32_t>(graph.edges.size()));
    for (std::uint32_t i = 0; i < 1000; ++i) {
        graph.roots.push_back({i == 0 ? 0 : random.below(nodes), RootKind::Static, 0});
    }
    return graph;
}

//! \brief Processor time: the machine may be busy with other things.
double nanoseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

double peakBytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) * 1024;
}

} // namespace

int main(int count, char** arguments) {
    const auto millions = count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 10;
    const bool local = count < 3 || std::strcmp(arguments[2], "scattered") != 0;
    const auto nodes = static_cast<std::uint32_t>(millions * 1'000'000);
    const HeapGraph graph = generate(nodes, local);
    const double graphBytes = peakBytes();
    const double begin = nanoseconds();
    const auto result = computeDominators(graph);
    const double time = nanoseconds() - begin;
    if (!result) {
        return 1;
    }
    std::uint64_t reached = 0;
    std::uint64_t top = 0;
    for (std::uint32_t node = 0; node < nodes; ++node) {
        reached += result->retained[node] != 0 ? 1 : 0;
        top += result->idom[node] == HeapGraph::kNoNode && result->retained[node] != 0 ? 1 : 0;
    }
    std::printf("%u nodes, %zu references, %s; reached %llu, top %llu\n", nodes, graph.edges.size(),
                local ? "local" : "scattered", static_cast<unsigned long long>(reached),
                static_cast<unsigned long long>(top));
    std::printf("%.0f ms of processor time, %.1f ns per node; graph %.1f, peak %.1f bytes per node\n",
                time / 1e6, time / nodes, graphBytes / nodes, peakBytes() / nodes);
}
