#include "capture/capture_request.h"

#include <array>

namespace firstchance {

using Json = nlohmann::json;

namespace {

constexpr std::array kDumpKinds = {std::pair{DumpKind::Mini, "mini"}, std::pair{DumpKind::Focus, "focus"},
                                   std::pair{DumpKind::Heap, "heap"}, std::pair{DumpKind::Full, "full"},
                                   std::pair{DumpKind::Auto, "auto"}};

tl::unexpected<Error> invalid(const std::string& key, const std::string& why) {
    return fail({ErrorCode::InvalidArgument, "Reading the parameter '" + key + "'", why, "", 0});
}

//! \brief Reads members of an object; remembers the first that has the wrong type.
class Members {
public:
    explicit Members(const Json& object) : object_(object) {}

    std::string text(const char* key, const char* fallback) {
        const Json* found = find(key);
        if (found != nullptr && !found->is_string()) {
            complain(key, "it must be a string");
            return fallback;
        }
        return found != nullptr ? found->get<std::string>() : fallback;
    }
    bool flag(const char* key, bool fallback) {
        const Json* found = find(key);
        if (found != nullptr && !found->is_boolean()) {
            complain(key, "it must be true or false");
            return fallback;
        }
        return found != nullptr ? found->get<bool>() : fallback;
    }
    int count(const char* key, int fallback) {
        const Json* found = find(key);
        if (found != nullptr && (!found->is_number_integer() || found->get<std::int64_t>() < 0 ||
                                 found->get<std::int64_t>() > INT32_MAX)) {
            complain(key, "it must be a whole number that is not negative");
            return fallback;
        }
        return found != nullptr ? found->get<int>() : fallback;
    }
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

private:
    const Json* find(const char* key) const {
        const auto found = object_.is_object() ? object_.find(key) : object_.end();
        return !object_.is_object() || found == object_.end() || found->is_null() ? nullptr : &*found;
    }
    void complain(const std::string& key, const char* why) {
        if (!error_) {
            error_ = invalid(key, why).value();
        }
    }

    const Json& object_;
    std::optional<Error> error_;
};

Result<std::optional<DumpRequest>> parseDump(const Json& json) {
    if (json.is_null()) {
        return std::optional<DumpRequest>();
    }
    if (!json.is_object()) {
        return invalid("dump", "it must be an object or null");
    }
    Members members(json);
    const std::string kindName = members.text("kind", "heap");
    const std::string compression = members.text("compression", "zstd");
    const int level = members.count("level", 0);
    const int threads = members.count("threads", 0);
    const int focusBudget = members.count("focusBudgetBytes", DumpRequest{}.focusBudgetBytes);
    if (members.error()) {
        return fail(*members.error());
    }
    const auto kind = parseDumpKind(kindName);
    if (!kind) {
        return invalid("dump.kind", "'" + kindName + "' is none of mini, focus, heap, full, auto");
    }
    if (compression != "zstd" && compression != "none") {
        return invalid("dump.compression", "'" + compression + "' is neither zstd nor none");
    }
    if (level > 19 || threads > 64) {
        return invalid("dump", "level must be 0 (automatic) to 19 and threads 0 (automatic) to 64");
    }
    return std::optional(DumpRequest{*kind, compression == "zstd", level, threads, focusBudget});
}

Result<void> readSnapshotRequest(Members& members, SnapshotRequest& request) {
    request.pid = members.count("pid", 0);
    request.method = members.text("method", "");
    request.gcRetry = std::chrono::milliseconds(members.count("gcRetryMs", 500));
    request.deadline = std::chrono::milliseconds(members.count("deadlineMs", 0));
    if (members.error()) {
        return fail(*members.error());
    }
    if (request.pid <= 0) {
        return invalid("pid", "it must be a process id");
    }
    if (!request.method.empty() && request.method != "clone" && request.method != "copy" &&
        request.method != "stop") {
        return invalid("method", "'" + request.method + "' is none of clone, copy, stop");
    }
    return {};
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
    Members members(params);
    KeepDecision decision;
    decision.folder = members.text("folder", "");
    decision.stacks = members.flag("stacks", true);
    decision.topTypes = members.flag("topTypes", true);
    if (members.error()) {
        return fail(*members.error());
    }
    auto dump = parseDump(params.is_object() ? params.value("dump", Json()) : Json());
    if (!dump) {
        return fail(dump.error());
    }
    decision.dump = *dump;
    if (decision.dump && (decision.folder.empty() || decision.folder.front() != '/')) {
        return invalid("folder", "it must be an absolute path");
    }
    return decision;
}

Result<CaptureRequest> parseCaptureRequest(const Json& params) {
    Members members(params);
    CaptureRequest request;
    request.threadId = members.count("threadId", 0);
    if (const auto read = readSnapshotRequest(members, request); !read) {
        return fail(read.error());
    }
    auto keep = parseKeepDecision(params);
    if (!keep) {
        return fail(keep.error());
    }
    request.keep = std::move(*keep);
    return request;
}

Result<CensusRequest> parseCensusRequest(const Json& params) {
    Members members(params);
    CensusRequest request;
    if (const auto read = readSnapshotRequest(members, request); !read) {
        return fail(read.error());
    }
    const Json graph = params.value("graph", Json());
    if (graph.is_null()) {
        return request;
    }
    Members graphMembers(graph);
    request.graph.emplace();
    request.graph->folder = graphMembers.text("folder", "");
    request.graph->dominators = graphMembers.flag("dominators", false);
    request.graph->native = graphMembers.flag("native", false);
    if (graphMembers.error()) {
        return fail(*graphMembers.error());
    }
    if (!graph.is_object() || request.graph->folder.empty() || request.graph->folder.front() != '/') {
        return invalid("graph.folder", "it must be an absolute path");
    }
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
