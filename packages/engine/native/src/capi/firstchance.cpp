#include "firstchance.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include "base/json_text.h"
#include "capi/cancel.h"
#include "capi/engine_call.h"
#include "capture/capture_request.h"
#include "core/unpack.h"
#include "rpc/methods.h"

namespace {

using firstchance::ErrorCode;
using firstchance::Result;
using Json = nlohmann::json;

fc_status give(const Result<Json>& outcome, char** result) {
    const Json& json = outcome ? *outcome : firstchance::errorToJson(outcome.error());
    const std::string text = firstchance::jsonText(json);
    *result = static_cast<char*>(std::malloc(text.size() + 1));
    if (*result != nullptr) {
        std::memcpy(*result, text.c_str(), text.size() + 1);
    }
    return outcome ? FC_OK : FC_ERROR;
}

//! \brief Nothing that is thrown below (no memory, a parameter of the wrong type) may cross into C.
template <class F> fc_status guarded(char** result, F&& work) {
    *result = nullptr;
    try {
        return give(work(), result);
    } catch (const std::exception& error) {
        try {
            return give(
                firstchance::fail({ErrorCode::InvalidArgument, "Reading the request", error.what(), "", 0}),
                result);
        } catch (...) {
            return FC_ERROR;
        }
    }
}

Result<Json> parse(const char* request) {
    Json json = firstchance::parseJson(request == nullptr ? "" : request);
    if (!json.is_object()) {
        return firstchance::fail(
            {ErrorCode::InvalidArgument, "Reading the request", "it is no JSON object", "", 0});
    }
    return json;
}

firstchance::ProgressFunction progressTo(fc_progress_fn progress, void* context) {
    if (progress == nullptr) {
        return {};
    }
    return
        [progress, context](const Json& value) { progress(firstchance::jsonText(value).c_str(), context); };
}

fc_status callEngine(const char* method, const char* request, const firstchance::ProgressFunction& progress,
                     fc_cancel* cancel, char** result) {
    return guarded(result, [&]() -> Result<Json> {
        auto params = parse(request);
        if (!params) {
            return params;
        }
        return firstchance::callEngine(method, *params, progress,
                                       cancel == nullptr ? nullptr : &cancel->requested);
    });
}

} // namespace

uint32_t fc_abi_version(void) {
    return FC_ABI_VERSION;
}

fc_cancel* fc_cancel_new(void) {
    return new (std::nothrow) fc_cancel;
}
void fc_cancel_request(fc_cancel* cancel) {
    if (cancel != nullptr) {
        cancel->requested = true;
    }
}
void fc_cancel_free(fc_cancel* cancel) {
    delete cancel;
}

fc_status fc_hello(char** result) {
    return guarded(result, [] { return firstchance::engineHello(); });
}

fc_status fc_process_inspect(int32_t pid, char** result) {
    return guarded(result, [&] { return firstchance::processInspect({{"pid", pid}}); });
}

fc_status fc_capture_take(const char* request, fc_progress_fn progress, void* context, fc_cancel* cancel,
                          char** result) {
    return callEngine("capture/take", request, progressTo(progress, context), cancel, result);
}

fc_status fc_census_take(const char* request, fc_progress_fn progress, void* context, fc_cancel* cancel,
                         char** result) {
    return callEngine("census/take", request, progressTo(progress, context), cancel, result);
}

fc_status fc_heap_graph(const char* request, fc_progress_fn progress, void* context, fc_cancel* cancel,
                        char** result) {
    return callEngine("heap/graph", request, progressTo(progress, context), cancel, result);
}

fc_status fc_dump_inspect(const char* request, fc_cancel* cancel, char** result) {
    return callEngine("dump/inspect", request, {}, cancel, result);
}

fc_status fc_dump_unpack(const char* request, fc_progress_fn progress, void* context, fc_cancel* cancel,
                         char** result) {
    return guarded(result, [&]() -> Result<Json> {
        auto params = parse(request);
        if (!params) {
            return params;
        }
        const auto report = progressTo(progress, context);
        return firstchance::dumpUnpack(
            *params, report ? report : [](const Json&) {}, cancel == nullptr ? nullptr : &cancel->requested);
    });
}

void fc_free(char* result) {
    std::free(result);
}
