#include "capture/worker.h"

#include <sys/resource.h>

#include <thread>

#include "capture/child_process.h"
#include "capture/dump_memory.h"
#include "capture/facts.h"
#include "clr/runtime_location.h"
#include "core/core_writer.h"

namespace firstchance {

using Json = nlohmann::json;

namespace {

//! \brief The writer takes only what the program leaves: a compressor on its cores would look like a longer
//! pause. Not so when the program throws faster than that writes: on a machine without an idle core, where
//! nice 19 gets next to nothing, throws would wait in vain and most would not be captured.
void yieldToTarget(const CaptureRequest& request) {
    if (!request.crowded) {
        ::setpriority(PRIO_PROCESS, 0, 19);
    }
}

//! \brief Two where there are cores: at nice 19 they cost the program nothing that it wants itself.
int automaticThreads() {
    return std::thread::hardware_concurrency() > 1 ? 2 : 1;
}

std::unique_ptr<Dac> openDac(const ProcessImage& image, const RuntimeLocation& runtime, DacUse use,
                             std::vector<std::string>& notes) {
    if (use == DacUse::Avoid) {
        return nullptr;
    }
    auto dac = Dac::open(image, runtime);
    if (!dac) {
        notes.push_back(describe(dac.error()));
        return nullptr;
    }
    return std::move(*dac);
}

Json writeDump(const ProcessImage& image, const CaptureRequest& request, Dac* dac, const Facts& facts,
               const RuntimeLocation& runtime, LineChannel& channel) {
    const DumpRequest& dump = *request.keep->dump;
    const DumpMemory memory = chooseMemory(image, request, runtime, dac, facts);
    CoreOptions options;
    const std::string file = dump.compressed ? "dump.core.zst" : "dump.core";
    options.path = request.keep->folder + "/" + file;
    options.compressed = dump.compressed;
    if (dump.level > 0) {
        options.level = dump.level;
    }
    options.threads = dump.threads > 0 ? dump.threads : automaticThreads();
    options.firstThread = request.threadId;
    options.runtimeBase = runtime.base;
    options.cancelled = &cancellationFlag();
    options.progress = [&](std::uint64_t done, std::uint64_t total) {
        channel.send({{"event", "progress"},
                      {"value", {{"phase", "write"}, {"doneBytes", done}, {"totalBytes", total}}}});
    };
    const auto written = writeCore(image, memory.selection, options);
    if (!written) {
        return {{"event", "error"}, {"error", errorToJson(written.error())}};
    }
    return {{"event", "written"},
            {"dump",
             {{"kind", dumpKindName(memory.kind)},
              {"file", file},
              {"bytes", written->bytes},
              {"rawBytes", written->rawBytes},
              {"leftOut", memory.leftOut}}},
            {"notes", memory.notes}};
}

} // namespace

int runWorker(const ProcessImage& image, const CaptureRequest& request, DacUse dacUse, LineChannel& channel) {
    channel.send({{"event", "inspecting"}});
    Facts facts;
    const auto runtime = locateRuntime(image);
    if (!runtime) {
        channel.send({{"event", "error"}, {"error", errorToJson(runtime.error())}});
        return 1;
    }
    const std::unique_ptr<Dac> dac = openDac(image, *runtime, dacUse, facts.notes);
    if (dac) {
        FactsRequest wanted;
        wanted.threadOfInterest = request.threadId;
        wanted.exception = request.exception;
        wanted.stacks = request.keep->stacks;
        wanted.topTypes = request.keep->topTypes;
        wanted.awaiting = request.keep->stacks;
        wanted.cancelled = &cancellationFlag();
        facts = readFacts(image, *dac, wanted);
    }
    const bool sent =
        channel.send({{"event", "facts"},
                      {"dac", dac != nullptr},
                      {"runtime", {{"version", runtime->version}, {"kind", runtimeKindName(runtime->kind)}}},
                      {"gcValid", facts.heap ? Json(facts.heap->structuresValid) : Json()},
                      {"exception", facts.exception},
                      {"threads", facts.threads},
                      {"awaiting", facts.awaiting},
                      {"topTypes", facts.topTypes},
                      {"modules", facts.modules},
                      {"notes", facts.notes}});
    if (!sent) {
        return 1; // the capture process is gone and the frozen copy with it
    }
    yieldToTarget(request);
    const Json last = request.keep->dump
                          ? writeDump(image, request, dac.get(), facts, *runtime, channel)
                          : Json{{"event", "written"}, {"dump", nullptr}, {"notes", Json::array()}};
    channel.send(last);
    return last["event"] == "written" ? 0 : 1;
}

} // namespace firstchance
