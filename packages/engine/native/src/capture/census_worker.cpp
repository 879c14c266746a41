#include "capture/census_worker.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "base/elapsed.h"
#include "capture/census_json.h"
#include "capture/child_process.h"
#include "capture/facts.h"
#include "capture/graph_file.h"
#include "capture/heap_modules.h"
#include "clr/handle_counts.h"
#include "clr/loader_heaps.h"
#include "clr/runtime_location.h"
#include "heap/graph/build_graph.h"
#include "heap/native/native_owners.h"
#include "linux/command_line.h"
#include "memory/memory_usage.h"
#include "memory/native_blocks.h"

namespace firstchance {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

namespace {

int sendFailure(LineChannel& channel, const Error& error) {
    channel.send({{"event", "error"}, {"error", errorToJson(error)}});
    return 1;
}

std::vector<AddressRange> committedBy(const GcHeap& heap) {
    std::vector<AddressRange> ranges;
    for (const GcSegment& segment : heap.segments) {
        if (!segment.committed.empty()) {
            ranges.push_back(segment.committed);
        }
    }
    std::sort(ranges.begin(), ranges.end(),
              [](const AddressRange& a, const AddressRange& b) { return a.begin < b.begin; });
    return ranges;
}

HeapFileMeta metaOf(const FrozenProcess& image, const CensusRequest& request, Dac& dac) {
    HeapFileMeta meta;
    meta.engine = request.engineVersion;
    meta.pid = image.pid();
    meta.name = image.commandName();
    meta.commandLine = readCommandLine(image.pid()).value_or(std::vector<std::string>());
    meta.runtime = dac.runtime().version;
    meta.modules = heapFileModules(dac);
    meta.pauseMs = image.timings().pauseMs;
    return meta;
}

NativeOwners nativeOwners(const FrozenProcess& image, Dac& dac, const GcHeap& heap, HeapGraph& graph) {
    const auto committed = committedBy(heap);
    const auto loaderHeaps = allLoaderHeapBlocks(dac);
    const NativeBlocks blocks =
        readNativeBlocks(image, {.gcCommitted = committed, .loaderHeaps = loaderHeaps});
    fillAddresses(graph);
    NativeSearchOptions options;
    options.cancelled = &cancellationFlag();
    return findNativeOwners(image, heap, graph, blocks, options);
}

//! \brief [MethodTable, name, module] of each type that was named now and keeps its name.
Json newTypes(const HeapGraph& graph, const TypeLabels* known) {
    Json types = Json::array();
    for (const GraphType& type : graph.types) {
        const std::uint64_t table = type.methodTable.value();
        if (type.permanent && !type.name.empty() && !type.name.starts_with("<unknown type") &&
            (known == nullptr || !known->contains(table))) {
            types.push_back({table, type.name, type.module});
        }
    }
    return types;
}

//! \brief Objects, types and roots into \p message; the heap file where one was asked for.
Result<void> addObjects(const FrozenProcess& image, Dac& dac, const GcHeap& heap,
                        const CensusRequest& request, Json& message) {
    GraphOptions options;
    options.cancelled = &cancellationFlag();
    if (!request.graph) { // the census itself names reachable types only
        options.rootNames = false;
        options.typeNames = GraphOptions::TypeNames::Reachable;
    }
    const bool known = request.known && request.known->runtimeBase == dac.runtime().base;
    options.known = known ? &request.known->labels : nullptr;
    auto graph = buildHeapGraph(dac, heap, options);
    if (!graph) {
        return fail(graph.error());
    }
    addGraph(*graph, heap, message["census"]);
    addTimers(countTimers(dac, *graph), message["census"]);
    message["newTypes"] = newTypes(*graph, options.known);
    message["retry"] = !graph->complete;
    if (request.graph) {
        std::optional<NativeOwners> native;
        if (request.graph->native) {
            const auto start = Clock::now();
            native = nativeOwners(image, dac, heap, *graph);
            message["census"]["timings"]["nativeMs"] = millisecondsSince(start);
        }
        auto written = writeGraphFile(*graph, heap, request.graph->dominators, metaOf(image, request, dac),
                                      request.graph->folder + "/heap.fch", native ? &*native : nullptr);
        if (!written) {
            return fail(written.error());
        }
        (*written)["file"] = "heap.fch";
        message["census"]["graph"] = std::move(*written);
    }
    return {};
}

Json emptyMessage(const GcHeap& heap, const RuntimeLocation& runtime) {
    const HeapGraph nothing;
    Json message = {
        {"event", "census"},
        {"census", {{"channels", Json::object()}, {"timings", Json::object()}, {"graph", nullptr}}},
        {"runtime", {{"version", runtime.version}, {"kind", runtimeKindName(runtime.kind)}}},
        {"runtimeBase", runtime.base.value()},
        {"newTypes", Json::array()},
        {"gcValid", heap.structuresValid},
        {"gcCounter", heap.counterAddress.value()},
        {"retry", !heap.structuresValid}};
    addGraph(nothing, heap, message["census"]);
    message["census"]["timers"] = nullptr;
    message["census"]["complete"] = false;
    message["census"]["why"] = "a garbage collection was under way: its objects have no order then";
    message["census"]["freeBytes"] = 0;
    message["census"]["channels"].erase("instances");
    message["census"]["channels"].erase("managedBytes");
    return message;
}

} // namespace

int runCensusWorker(const FrozenProcess& image, const CensusRequest& request, LineChannel& channel) {
    const auto start = Clock::now();
    const auto runtime = locateRuntime(image);
    if (!runtime) {
        return sendFailure(channel, runtime.error());
    }
    const auto dac = Dac::open(image, *runtime);
    if (!dac) {
        return sendFailure(channel, dac.error());
    }
    const auto heap = readGcHeap(**dac);
    if (!heap) {
        return sendFailure(channel, heap.error());
    }
    Json message = emptyMessage(*heap, *runtime);
    Json& census = message["census"];
    census["timings"]["openMs"] = millisecondsSince(start);
    if (heap->structuresValid) {
        const auto walk = Clock::now();
        if (const auto added = addObjects(image, **dac, *heap, request, message); !added) {
            return sendFailure(channel, added.error());
        }
        census["timings"]["walkMs"] = millisecondsSince(walk);
    }
    const auto channelsStart = Clock::now();
    addHandles(countHandles(**dac), census["channels"]);
    const auto committed = committedBy(*heap);
    const auto loaderHeaps = allLoaderHeapBlocks(**dac);
    addMemory(readMemoryUsage(image, {.gcCommitted = committed, .loaderHeaps = loaderHeaps}),
              census["channels"]);
    census["channels"]["threads"] = image.threads().size();
    census["timings"]["channelsMs"] = millisecondsSince(channelsStart);
    return channel.send(message) ? 0 : 1;
}

} // namespace firstchance
