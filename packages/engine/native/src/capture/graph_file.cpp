#include "capture/graph_file.h"

#include <algorithm>
#include <ctime>
#include <optional>

#include "capture/child_process.h"
#include "capture/facts.h"
#include "heap/graph/build_graph.h"

namespace firstchance {
namespace {

std::string now() {
    const std::time_t seconds = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::string text(sizeof "2026-11-24T10:11:13Z", '\0');
    text.resize(std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts));
    return text;
}

std::uint64_t referencesOfReachable(const HeapGraph& graph) {
    std::uint64_t references = 0;
    for (std::uint32_t node = 0; node < graph.size(); ++node) {
        references += graph.isReachable(node) ? graph.referencesOf(node).size() : 0;
    }
    return references;
}

} // namespace

std::uint64_t freeBytesOf(const HeapGraph& graph, const GcHeap& heap) {
    std::uint64_t free = 0;
    for (const GcSegment& segment : heap.segments) {
        free += segment.objects.size();
    }
    for (std::uint32_t node = 0; node < graph.size(); ++node) {
        free -= std::min(free, graph.bytesOf(node));
    }
    return free;
}

Result<nlohmann::json> writeGraphFile(HeapGraph& graph, const GcHeap& heap, bool dominators,
                                      HeapFileMeta meta, const std::string& path,
                                      const NativeOwners* native) {
    fillAddresses(graph);
    std::optional<Dominators> retained;
    if (dominators) {
        auto computed = computeDominators(graph, &cancellationFlag());
        if (!computed) {
            return fail(computed.error());
        }
        retained.emplace(std::move(*computed));
    }
    meta.time = now();
    meta.architecture = architectureName();
    meta.serverGc = heap.server;
    meta.freeBytes = freeBytesOf(graph, heap);
    const auto written =
        writeHeapFile(graph, retained ? &*retained : nullptr, meta, path, &cancellationFlag(), native);
    if (!written) {
        return fail(written.error());
    }
    return nlohmann::json{{"bytes", written->bytes},
                          {"objects", written->objects},
                          {"references", referencesOfReachable(graph)}};
}

} // namespace firstchance
