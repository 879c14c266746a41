#include "capture/facts_json.h"

#include <algorithm>

#include "capture/facts.h"

namespace firstchance {

using Json = nlohmann::json;

namespace {

const char* frameKindName(ClrFrame::Kind kind) {
    switch (kind) {
    case ClrFrame::Kind::Managed: return "managed";
    case ClrFrame::Kind::Native: return "native";
    case ClrFrame::Kind::Runtime: return "runtime";
    }
    return "runtime";
}

} // namespace

Json framesToJson(const std::vector<ClrFrame>& frames) {
    Json list = Json::array();
    for (const ClrFrame& frame : frames) {
        list.push_back({{"method", frame.method},
                        {"module", frame.module},
                        {"modulePath", frame.modulePath},
                        {"token", frame.token},
                        {"ilOffset", frame.ilOffset ? Json(*frame.ilOffset) : Json()},
                        {"ip", hexAddress(frame.ip)},
                        {"kind", frameKindName(frame.kind)}});
    }
    return list;
}

Json exceptionToJson(const ClrException& exception) {
    Json inner = Json::array();
    for (const ClrException& one : exception.inner) {
        inner.push_back(exceptionToJson(one));
    }
    return {
        {"type", exception.type},       {"message", exception.message ? Json(*exception.message) : Json()},
        {"hresult", exception.hresult}, {"address", hexAddress(exception.address)},
        {"inner", std::move(inner)},    {"stack", framesToJson(exception.stack)}};
}

Json threadToJson(const ClrThread& thread) {
    return {{"osId", thread.osId},
            {"managedId", thread.managedId},
            {"name", thread.name},
            {"state", thread.state},
            {"isFinalizer", thread.finalizer},
            {"isGc", thread.gcThread},
            {"isBackground", thread.background},
            {"isThreadPool", thread.threadPool},
            {"stack", Json::array()},
            {"exception", nullptr}};
}

Json moduleToJson(const ClrModule& module) {
    Json json = {{"name", module.name},
                 {"path", module.path},
                 {"mvid", module.mvid},
                 {"base", hexAddress(module.imageBase)},
                 {"size", module.imageSize}};
    if (module.pdb) {
        json["pdb"] = {{"guid", module.pdb->guid}, {"age", module.pdb->age}, {"path", module.pdb->path}};
    }
    return json;
}

Json typesToJson(const std::vector<TypeTotal>& types, std::size_t limit) {
    Json list = Json::array();
    for (std::size_t i = 0; i < std::min(types.size(), limit); ++i) {
        const TypeTotal& type = types[i];
        list.push_back({{"type", type.type},
                        {"module", type.module},
                        {"instances", type.instances},
                        {"bytes", type.bytes}});
    }
    return list;
}

Json awaitingToJson(const std::vector<AsyncNode>& nodes) {
    Json list = Json::array();
    for (const AsyncNode& node : nodes) {
        list.push_back({{"method", node.method},
                        {"module", node.module},
                        {"modulePath", node.modulePath},
                        {"token", node.token},
                        {"state", node.state},
                        {"awaits", awaitingToJson(node.awaits)}});
    }
    return list;
}

} // namespace firstchance
