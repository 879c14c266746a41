#include "rpc/methods.h"

#include <gnu/libc-version.h>
#include <unistd.h>

#include "capture/capture_request.h"
#include "capture/dump_graph.h"
#include "capture/dump_inspect.h"
#include "capture/facts.h"
#include "capture/process_inspect.h"
#include "core/unpack.h"
#include "rpc/install_paths.h"

namespace firstchance {

using Json = nlohmann::json;

namespace {

Result<std::string> pathParameter(const Json& params, const char* key) {
    const auto found = params.is_object() ? params.find(key) : params.end();
    if (!params.is_object() || found == params.end() || !found->is_string() ||
        found->get<std::string>().empty()) {
        return fail({ErrorCode::InvalidArgument, std::string("Reading the parameter '") + key + "'",
                     "it must be the path of a file", "", 0});
    }
    return found->get<std::string>();
}

} // namespace

const char* engineVersion() {
    return FIRSTCHANCE_VERSION;
}

Result<Json> engineHello() {
    return Json{{"version", engineVersion()},
                {"pid", ::getpid()},
                {"architecture", architectureName()},
                {"libc", std::string("glibc ") + ::gnu_get_libc_version()},
                {"agentPath", agentLibraryPath()}};
}

Result<Json> processInspect(const Json& params) {
    const auto pid = params.is_object() ? params.find("pid") : params.end();
    if (!params.is_object() || pid == params.end() || !pid->is_number_integer() ||
        pid->get<std::int64_t>() <= 0 || pid->get<std::int64_t>() > INT32_MAX) {
        return fail(
            {ErrorCode::InvalidArgument, "Reading the parameter 'pid'", "it must be a process id", "", 0});
    }
    return inspectProcess(pid->get<pid_t>());
}

Result<Json> dumpInspect(const Json& params) {
    const auto file = pathParameter(params, "file");
    if (!file) {
        return fail(file.error());
    }
    const bool stacks = params.value("stacks", true);
    const bool topTypes = params.value("topTypes", true);
    return inspectDumpGuarded(*file, stacks, topTypes);
}

Result<Json> heapGraph(const Json& params) {
    const auto file = pathParameter(params, "file");
    const auto output = pathParameter(params, "output");
    if (!file || !output) {
        return fail(file ? output.error() : file.error());
    }
    return graphOfDump(*file, *output, params.value("dominators", true), engineVersion());
}

Result<Json> dumpUnpack(const Json& params, const ProgressFunction& progress,
                        const std::atomic<bool>* cancelled) {
    const auto file = pathParameter(params, "file");
    const auto output = pathParameter(params, "output");
    if (!file || !output) {
        return fail(file ? output.error() : file.error());
    }
    const auto bytes = unpackCore(
        *file, *output,
        [&](std::uint64_t done, std::uint64_t total) {
            progress({{"phase", "write"}, {"doneBytes", done}, {"totalBytes", total}});
        },
        cancelled);
    if (!bytes) {
        return fail(bytes.error());
    }
    return Json{{"bytes", *bytes}};
}

} // namespace firstchance
