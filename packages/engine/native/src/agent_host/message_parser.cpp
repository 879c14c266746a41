#include "agent_host/message_parser.h"

#include <array>
#include <utility>

#include "agent/message_codec.h"
#include "agent/protocol.h"

namespace firstchance {
namespace {

using agent::MessageKind;
using agent::MessageReader;

std::string toString(agent::Text text) {
    return {text.data, text.size};
}

template <std::size_t N> std::string nameAt(const std::array<const char*, N>& names, std::size_t index) {
    return index < N ? names[index] : "";
}

struct ExceptionFields {
    std::string type;
    std::optional<std::string> message;
    std::int32_t hresult = 0;
    std::uint64_t object = 0;
    std::uint64_t methodTable = 0;
};

ExceptionFields readException(MessageReader& reader) {
    ExceptionFields fields;
    const bool hasMessage = reader.u8() != 0;
    fields.type = toString(reader.text());
    std::string message = toString(reader.text());
    if (hasMessage) {
        fields.message = std::move(message);
    }
    fields.hresult = static_cast<std::int32_t>(reader.u32());
    fields.object = reader.u64();
    fields.methodTable = reader.u64();
    return fields;
}

AgentMessage readHello(MessageReader& reader) {
    AgentConnected hello;
    hello.how = reader.u8() != 0 ? "attach" : "startup";
    hello.runtime = toString(reader.text());
    return hello;
}

AgentMessage readAsk(MessageReader& reader) {
    constexpr std::array kTriggers = {"first-chance", "unhandled", "exit"};
    ReceivedAsk received;
    AgentAsk& ask = received.ask;
    received.sequence = reader.u64();
    ask.namespaceTid = static_cast<pid_t>(reader.u32());
    ask.trigger = nameAt(kTriggers, reader.u8());
    ask.detail = toString(reader.text());
    ExceptionFields exception = readException(reader);
    ask.type = std::move(exception.type);
    ask.message = std::move(exception.message);
    ask.hresult = exception.hresult;
    ask.objectAddress = exception.object;
    ask.methodTableAddress = exception.methodTable;
    const std::uint32_t frames = reader.u32();
    if (frames > agent::kMaxFrames) {
        return {};
    }
    for (std::uint32_t i = 0; i < frames; ++i) {
        std::string module = toString(reader.text());
        ask.frames.push_back({std::move(module), reader.u32()});
    }
    ask.testName = toString(reader.text());
    ask.candidates = reader.u32();
    return ask.trigger.empty() ? AgentMessage() : AgentMessage(std::move(received));
}

AgentMessage readLogged(MessageReader& reader) {
    AgentException event;
    event.tid = static_cast<pid_t>(reader.u32());
    const std::uint8_t flags = reader.u8();
    event.rethrow = (flags & agent::kRethrow) != 0;
    event.matched = (flags & agent::kMatched) != 0;
    ExceptionFields exception = readException(reader);
    event.type = std::move(exception.type);
    event.message = std::move(exception.message);
    return event;
}

AgentMessage readTest(MessageReader& reader) {
    constexpr std::array kStates = {"started", "passed", "failed", "skipped", "ended"};
    AgentTest event;
    event.tid = static_cast<pid_t>(reader.u32());
    event.state = nameAt(kStates, reader.u8());
    event.name = toString(reader.text());
    return event.state.empty() ? AgentMessage() : AgentMessage(std::move(event));
}

AgentMessage readSkipped(MessageReader& reader) {
    constexpr std::array kReasons = {"per-place", "per-type", "per-test", "per-session", "busy", "timeout"};
    static_assert(kReasons.size() == agent::kSkipReasons);
    AgentSkipped event;
    event.why = nameAt(kReasons, reader.u8());
    event.count = reader.u32();
    event.type = toString(reader.text());
    return event.why.empty() ? AgentMessage() : AgentMessage(std::move(event));
}

AgentMessage readCollected(MessageReader& reader) {
    constexpr std::array kStates = {"drained", "unknown", "timeout"};
    AgentCollected event;
    event.sequence = reader.u64();
    event.result = static_cast<std::int32_t>(reader.u32());
    event.collections = reader.u32();
    event.durationMs = reader.u32() / 1000.0;
    event.finalizers = nameAt(kStates, reader.u8());
    return event.finalizers.empty() ? AgentMessage() : AgentMessage(std::move(event));
}

AgentMessage readSurvivors(MessageReader& reader) {
    ReceivedSurvivors received;
    AllocationSite& site = received.site;
    received.sequence = reader.u64();
    site.type = toString(reader.text());
    site.samples = reader.u32();
    site.bytes = reader.u64();
    const std::uint32_t frames = reader.u32();
    if (frames > agent::kMaxFrames) {
        return {};
    }
    for (std::uint32_t i = 0; i < frames; ++i) {
        AllocationSite::Frame frame;
        frame.modulePath = toString(reader.text());
        frame.token = reader.u32();
        const std::uint32_t offset = reader.u32();
        if (offset != ~std::uint32_t{0}) {
            frame.ilOffset = offset;
        }
        frame.method = toString(reader.text());
        site.frames.push_back(std::move(frame));
    }
    return received;
}

AgentMessage readNativeSurvivors(MessageReader& reader) {
    constexpr std::array kKinds = {"block", "anonymous", "mapped", "descriptor", "socket"};
    ReceivedNativeSurvivors received;
    NativeSite& site = received.site;
    received.sequence = reader.u64();
    site.resource = nameAt(kKinds, reader.u8());
    site.samples = reader.u32();
    site.count = reader.u64();
    site.bytes = reader.u64();
    const std::uint32_t frames = reader.u32();
    if (frames > agent::kMaxMixedFrames || site.resource.empty()) {
        return {};
    }
    for (std::uint32_t i = 0; i < frames; ++i) {
        NativeSite::Frame frame;
        frame.modulePath = toString(reader.text());
        frame.token = reader.u32();
        frame.position = reader.u64();
        frame.method = toString(reader.text());
        site.frames.push_back(std::move(frame));
    }
    return received;
}

AgentMessage readSampled(MessageReader& reader) {
    AgentSampled event;
    event.sequence = reader.u64();
    event.result = static_cast<std::int32_t>(reader.u32());
    event.samples = reader.u32();
    event.survivors = reader.u32();
    event.siteCount = reader.u32();
    event.full = reader.u8() != 0;
    return event;
}

AgentMessage readBody(MessageKind kind, MessageReader& reader) {
    switch (kind) {
    case MessageKind::Hello: return readHello(reader);
    case MessageKind::Ask: return readAsk(reader);
    case MessageKind::Logged: return readLogged(reader);
    case MessageKind::Test: return readTest(reader);
    case MessageKind::Skipped: return readSkipped(reader);
    case MessageKind::Collected: return readCollected(reader);
    case MessageKind::Survivors: return readSurvivors(reader);
    case MessageKind::NativeSurvivors: return readNativeSurvivors(reader);
    case MessageKind::Sampled: return readSampled(reader);
    case MessageKind::Answer:
    case MessageKind::FilterChanged:
    case MessageKind::Collect:
    case MessageKind::Sample:
    case MessageKind::SampleNative: break;
    }
    return {};
}

} // namespace

AgentMessage parseAgentMessage(std::span<const unsigned char> packet) {
    MessageReader reader(packet.data(), packet.size());
    if (reader.u32() != agent::kMessageMagic) {
        return {};
    }
    const auto kind = static_cast<MessageKind>(reader.u8());
    AgentMessage message = readBody(kind, reader);
    return reader.atEnd() ? message : AgentMessage();
}

} // namespace firstchance
