#include "capture/dump_inspect.h"

#include "capture/capture_request.h"
#include "capture/child_process.h"
#include "capture/facts.h"
#include "core/core_file.h"

namespace firstchance {

using Json = nlohmann::json;

namespace {

constexpr std::chrono::minutes kInspectLimit{5};

Json describeRuntime(const RuntimeLocation& runtime) {
    return {{"kind", runtimeKindName(runtime.kind)},
            {"version", runtime.version},
            {"path", runtime.path},
            {"buildId", runtime.buildId}};
}

Json exceptionsOf(const Facts& facts) {
    Json list = Json::array();
    for (const Json& thread : facts.threads) {
        if (!thread["exception"].is_null()) {
            Json exception = thread["exception"];
            exception["osThreadId"] = thread["osId"];
            list.push_back(std::move(exception));
        }
    }
    return list;
}

} // namespace

Result<Json> inspectDump(const std::string& file, bool stacks, bool topTypes) {
    const auto core = CoreFile::open(file);
    if (!core) {
        return fail(core.error());
    }
    const ProcessImage& image = **core;
    Json result = {{"architecture", architectureName()},
                   {"pid", image.pid()},
                   {"name", image.commandName()},
                   {"runtime", nullptr},
                   {"threads", Json::array()},
                   {"exceptions", Json::array()},
                   {"topTypes", nullptr},
                   {"modules", Json::array()},
                   {"notes", Json::array()}};
    for (const ThreadImage& thread : image.threads()) {
        result["threads"].push_back({{"osId", thread.tid},
                                     {"managedId", 0},
                                     {"name", thread.name},
                                     {"state", "native"},
                                     {"isFinalizer", false},
                                     {"stack", Json::array()},
                                     {"exception", nullptr}});
    }
    const auto runtime = locateRuntime(image);
    if (!runtime) {
        result["notes"].push_back(describe(runtime.error()));
        return result;
    }
    result["runtime"] = describeRuntime(*runtime);
    const auto dac = Dac::open(image, *runtime);
    if (!dac) {
        result["notes"].push_back(describe(dac.error()));
        return result;
    }
    FactsRequest wanted;
    wanted.stacks = stacks;
    wanted.topTypes = topTypes;
    wanted.awaiting = stacks;
    wanted.cancelled = &cancellationFlag();
    const Facts facts = readFacts(image, **dac, wanted);
    result["threads"] = facts.threads;
    result["exceptions"] = exceptionsOf(facts);
    result["awaiting"] = facts.awaiting;
    result["topTypes"] = facts.topTypes;
    result["modules"] = facts.modules;
    for (const std::string& note : facts.notes) {
        result["notes"].push_back(note);
    }
    return result;
}

Result<Json> inspectDumpGuarded(const std::string& file, bool stacks, bool topTypes) {
    return readDumpGuarded(file, [&] { return inspectDump(file, stacks, topTypes); });
}

Result<Json> readDumpGuarded(const std::string& file, const std::function<Result<Json>()>& read) {
    const auto child = ChildProcess::start(
        [&](LineChannel& channel) {
            const auto result = read();
            channel.send(result ? Json{{"result", *result}} : Json{{"error", errorToJson(result.error())}});
            return 0;
        },
        ChildProcess::OnParentDeath::Kill);
    if (!child) {
        return fail(child.error());
    }
    LineChannel& channel = (*child)->channel();
    const auto end = std::chrono::steady_clock::now() + kInspectLimit;
    while (std::chrono::steady_clock::now() < end && !cancellationFlag()) {
        if (const auto answer = channel.receive(std::chrono::seconds(1)); answer && answer->is_object()) {
            if (answer->contains("result")) {
                return (*answer)["result"];
            }
            return fail(errorFromJson((*answer)["error"]));
        }
        if (channel.closed()) {
            return fail({ErrorCode::DacFailed, "Reading the dump " + file,
                         "the runtime's debugging library ended the reader with " +
                             describeWaitStatus((*child)->wait()),
                         "The dump may be damaged or cut off; lldb or gdb may still read its native part.",
                         0});
        }
    }
    (*child)->kill();
    if (cancellationFlag()) {
        return fail({ErrorCode::Cancelled, "Reading the dump " + file, "it was cancelled", "", 0});
    }
    return fail(
        {ErrorCode::DeadlineExceeded, "Reading the dump " + file, "no answer within 5 minutes", "", 0});
}

} // namespace firstchance
