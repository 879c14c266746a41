#include "capture/capture_request.h"

#include <array>

namespace firstchance {

using Json = nlohmann::json;

namespace {

constexpr std::array kDumpKinds = {std::pair{DumpKind::Mini, "mini"}, std::pair{DumpKind::Heap, "heap"},
                                   std::pair{DumpKind::Full, "full"}};

tl::unexpected<Error> invalid(const std::string& key, const std::string& why) {
    return fail({ErrorCode::InvalidArgument, "Reading the parameter '" + key + "'", why, "", 0});
}

template <class T> Result<T> member(const Json& params, const char* key, T fallback) {
    const auto found = params.find(key);
    if (found == params.end() || found->is_null()) {
        return fallback;
    }
    if constexpr (std::is_same_v<T, bool>) {
        if (!found->is_boolean()) {
            return invalid(key, "it must be true or false");
        }
    } else if constexpr (std::is_same_v<T, std::string>) {
        if (!found->is_string()) {
            return invalid(key, "it must be a string");
        }
    } else if (!found->is_number_integer() || found->get<std::int64_t>() < 0 ||
               found->get<std::int64_t>() > INT32_MAX) {
        return invalid(key, "it must be a whole number that is not negative");
    }
    return found->get<T>();
}

Result<std::optional<DumpRequest>> parseDump(const Json& json) {
    if (json.is_null()) {
        return std::optional<DumpRequest>();
    }
    if (!json.is_object()) {
        return invalid("dump", "it must be an object or null");
    }
    DumpRequest dump;
    const auto kindName = member<std::string>(json, "kind", "heap");
    const auto compression = member<std::string>(json, "compression", "zstd");
    const auto level = member<int>(json, "level", 1);
    const auto threads = member<int>(json, "threads", 1);
    for (const auto* error : {kindName ? nullptr : &kindName.error(), compression ? nullptr : &compression.error(),
                              level ? nullptr : &level.error(), threads ? nullptr : &threads.error()}) {
        if (error != nullptr) {
            return fail(*error);
        }
    }
    const auto kind = parseDumpKind(*kindName);
    if (!kind) {
        return invalid("dump.kind", "'" + *kindName + "' is none of mini, heap, full");
    }
    if (*compression != "zstd" && *compression != "none") {
        return invalid("dump.compression", "'" + *compression + "' is neither zstd nor none");
    }
    if (*level < 1 || *level > 19 || *threads < 1 || *threads > 64) {
        return invalid("dump", "level must be 1 to 19 and threads 1 to 64");
    }
    return std::optional(DumpRequest{*kind, *compression == "zstd", *level, *threads});
}

} // namespace

const char* dumpKindName(DumpKind kind) {
    for (const auto& [value, name] : kDumpKinds) {
        if (value == kind) {
            return name;
        }
    }
    return "heap";
}

std::optional<DumpKind> parseDumpKind(const std::string& name) {
    for (const auto& [value, text] : kDumpKinds) {
        if (name == text) {
            return value;
        }
    }
    return std::nullopt;
}

Result<KeepDecision> parseKeepDecision(const Json& params) {
    const auto folder = member<std::string>(params, "folder", "");
    const auto stacks = member<bool>(params, "stacks", true);
    const auto topTypes = member<bool>(params, "topTypes", true);
    auto dump = parseDump(params.value("dump", Json()));
    for (const auto* error : {folder ? nullptr : &folder.error(), stacks ? nullptr : &stacks.error(),
                              topTypes ? nullptr : &topTypes.error(), dump ? nullptr : &dump.error()}) {
        if (error != nullptr) {
            return fail(*error);
        }
    }
    if (dump->has_value() && (folder->empty() || folder->front() != '/')) {
        return invalid("folder", "it must be an absolute path");
    }
    return KeepDecision{*folder, *dump, *stacks, *topTypes};
}

Result<CaptureRequest> parseCaptureRequest(const Json& params) {
    CaptureRequest request;
    auto keep = parseKeepDecision(params);
    const auto pid = member<int>(params, "pid", 0);
    const auto threadId = member<int>(params, "threadId", 0);
    const auto method = member<std::string>(params, "method", "");
    const auto gcRetry = member<int>(params, "gcRetryMs", 500);
    const auto deadline = member<int>(params, "deadlineMs", 0);
    for (const auto* error : {keep ? nullptr : &keep.error(), pid ? nullptr : &pid.error(),
                              threadId ? nullptr : &threadId.error(), method ? nullptr : &method.error(),
                              gcRetry ? nullptr : &gcRetry.error(), deadline ? nullptr : &deadline.error()}) {
        if (error != nullptr) {
            return fail(*error);
        }
    }
    if (*pid <= 0) {
        return invalid("pid", "it must be a process id");
    }
    if (!method->empty() && *method != "clone" && *method != "copy" && *method != "stop") {
        return invalid("method", "'" + *method + "' is none of clone, copy, stop");
    }
    request.pid = *pid;
    request.threadId = *threadId;
    request.method = *method;
    request.gcRetry = std::chrono::milliseconds(*gcRetry);
    request.deadline = std::chrono::milliseconds(*deadline);
    request.keep = std::move(*keep);
    return request;
}

Json errorToJson(const Error& error) {
    return {{"code", errorCodeName(error.code)},
            {"what", error.what},
            {"why", error.why},
            {"cure", error.cure},
            {"errno", error.systemError}};
}

Error errorFromJson(const Json& json) {
    Error error{ErrorCode::Internal, "", "", "", 0};
    const std::string code = json.value("code", "internal");
    for (int value = 0; value <= static_cast<int>(ErrorCode::Internal); ++value) {
        if (code == errorCodeName(static_cast<ErrorCode>(value))) {
            error.code = static_cast<ErrorCode>(value);
        }
    }
    error.what = json.value("what", "");
    error.why = json.value("why", "");
    error.cure = json.value("cure", "");
    error.systemError = json.value("errno", 0);
    return error;
}

} // namespace firstchance
