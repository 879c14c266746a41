// heap_facts PID|CORE: what the heap graph has of a process, which is held meanwhile, or of a core, as JSON
// to compare with another reader's: {complete, why, objects, references, types: {name: instances}}.
// References are those that lie in objects, and those of collectible types to their load context; dependent
// handles are left out.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>

#include <nlohmann/json.hpp>

#include "clr/runtime_location.h"
#include "clr/stopped_process.h"
#include "core/core_file.h"
#include "heap/graph/build_graph.h"
#include "heap/graph/graph_roots.h"

using namespace firstchance;

namespace {

Result<std::shared_ptr<const ProcessImage>> open(const std::string& what) {
    if (!std::filesystem::exists(what)) {
        return std::make_shared<const StoppedProcess>(std::atoi(what.c_str()));
    }
    auto core = CoreFile::open(what);
    if (!core) {
        return fail(core.error());
    }
    return std::shared_ptr<const ProcessImage>(std::move(*core));
}

std::uint64_t dependentReferences(Dac& dac, const HeapGraph& graph) {
    std::uint64_t count = 0;
    for (const HiddenReference& one : readRoots(dac, {}).hidden) {
        const bool both = graph.index->nodeOf(one.from) != NodeIndex::kNone &&
                          graph.index->nodeOf(one.to) != NodeIndex::kNone;
        count += both ? 1 : 0;
    }
    return count;
}

Result<nlohmann::json> factsOf(const ProcessImage& image) {
    const auto runtime = locateRuntime(image);
    const auto dac = runtime ? Dac::open(image, *runtime) : fail(runtime.error());
    const auto heap = dac ? readGcHeap(**dac) : fail(dac.error());
    const auto graph = heap ? buildHeapGraph(**dac, *heap) : fail(heap.error());
    if (!graph) {
        return fail(graph.error());
    }
    std::map<std::string, std::uint64_t> types;
    for (std::uint32_t node = 0; node < graph->size(); ++node) {
        types[graph->types[graph->type[node]].name] += 1;
    }
    return nlohmann::json{{"complete", graph->complete},
                          {"why", graph->why},
                          {"objects", graph->size()},
                          {"reachable", graph->reachableCount},
                          {"references", graph->edges.size() - dependentReferences(**dac, *graph)},
                          {"types", types}};
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fprintf(stderr, "heap_facts PID|CORE\n");
        return 64;
    }
    const auto image = open(arguments[1]);
    const auto facts = image ? factsOf(**image) : fail(image.error());
    if (!facts) {
        std::fprintf(stderr, "%s\n", describe(facts.error()).c_str());
        return 1;
    }
    std::puts(facts->dump().c_str());
    return 0;
}
