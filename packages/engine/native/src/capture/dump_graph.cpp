#include "capture/dump_graph.h"

#include "capture/child_process.h"
#include "capture/dump_inspect.h"
#include "capture/graph_file.h"
#include "capture/heap_modules.h"
#include "core/core_file.h"
#include "heap/graph/build_graph.h"

namespace firstchance {

using Json = nlohmann::json;

namespace {

tl::unexpected<Error> withoutHeap(const std::string& file, const std::string& why) {
    return fail({ErrorCode::Unsupported, "Reading the heap in " + file, why,
                 "Dumps of the kinds heap and full hold the managed heap.", 0});
}

Result<Json> writeGraph(const std::string& file, const std::string& output, bool dominators,
                        const std::string& engineVersion) {
    const auto core = CoreFile::open(file);
    if (!core) {
        return fail(core.error());
    }
    const ProcessImage& image = **core;
    const auto runtime = locateRuntime(image);
    if (!runtime) {
        return fail(runtime.error());
    }
    const auto dac = Dac::open(image, *runtime);
    if (!dac) {
        return fail(dac.error());
    }
    const auto heap = readGcHeap(**dac);
    if (!heap) {
        return withoutHeap(file, describe(heap.error()));
    }
    GraphOptions options;
    options.cancelled = &cancellationFlag();
    auto graph = buildHeapGraph(**dac, *heap, options);
    if (!graph) {
        return fail(graph.error());
    }
    if (graph->size() == 0) {
        return withoutHeap(file, "no object of it is in the file");
    }
    HeapFileMeta meta;
    meta.engine = engineVersion;
    meta.pid = image.pid();
    meta.name = image.commandName();
    meta.runtime = runtime->version;
    meta.modules = heapFileModules(**dac);
    auto result = writeGraphFile(*graph, *heap, dominators, std::move(meta), output);
    if (result) {
        (*result)["complete"] = graph->complete;
        (*result)["why"] = graph->why;
        (*result)["notes"] = Json::array();
    }
    return result;
}

} // namespace

Result<Json> graphOfDump(const std::string& file, const std::string& output, bool dominators,
                         const std::string& engineVersion) {
    return readDumpGuarded(file, [&] { return writeGraph(file, output, dominators, engineVersion); });
}

} // namespace firstchance
