#include "rpc/agent_filter_json.h"

#include "rpc/install_paths.h"

namespace firstchance {

using Json = nlohmann::json;

namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string encodeBase64(const std::vector<std::byte>& bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            group = group << 8U | (i + k < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            text += i + k <= bytes.size() ? kBase64[group >> (18U - 6U * k) & 63U] : '=';
        }
    }
    return text;
}

std::vector<std::string> strings(const Json& object, const char* key) {
    return object.value(key, std::vector<std::string>());
}

} // namespace

// A member of the wrong type makes the JSON library throw; EngineServer::onRequest answers that with a
// protocol error.
Result<AgentSetup> parseAgentSetup(const Json& params) {
    AgentSetup setup;
    setup.controlPath = params.value("controlPath", "");
    setup.socketPath = params.value("socketPath", "");
    for (const auto* path : {&setup.controlPath, &setup.socketPath}) {
        if (path->empty() || path->front() != '/') {
            return fail({ErrorCode::InvalidArgument, "Reading the parameters 'controlPath' and 'socketPath'",
                         "both must be absolute paths", "", 0});
        }
    }
    const Json filter = params.value("filter", Json::object());
    AgentFilter& target = setup.filter;
    target.firstChance = filter.value("firstChance", false);
    target.unhandled = filter.value("unhandled", false);
    target.exit = filter.value("exit", false);
    target.log = filter.value("log", false);
    target.tests = filter.value("tests", false);
    target.include = strings(filter, "include");
    target.exclude = strings(filter, "exclude");
    target.decline = strings(filter, "decline");
    target.perPlace = filter.value("perPlace", target.perPlace);
    target.perType = filter.value("perType", target.perType);
    target.perTest = filter.value("perTest", target.perTest);
    target.perSession = filter.value("perSession", target.perSession);
    target.timeoutMs = filter.value("timeoutMs", target.timeoutMs);
    setup.maxFrozen = std::max(1, filter.value("maxFrozen", 2));
    return setup;
}

Json attachPayloadToJson(const AgentHost& host) {
    return {{"clsid", kAgentClsid},
            {"path", agentLibraryPath()},
            {"dataBase64", encodeBase64(host.attachPayload())}};
}

} // namespace firstchance
