#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <random>

#include "agent/exception_message.h"
#include "agent/protocol.h"
#include "agent_host/message_parser.h"
#include "agent_host/thread_ids.h"
#include "agent_session.h"

namespace firstchance {
namespace {

using agent::MessageKind;
using agent::MessageWriter;
using testing::SizeIs;

using Packet = std::vector<unsigned char>;

template <class Fill> Packet makePacket(MessageKind kind, Fill fill) {
    Packet packet(agent::kMaxMessageBytes);
    MessageWriter writer(packet.data(), packet.size());
    writer.u32(agent::kMessageMagic);
    writer.u8(static_cast<std::uint8_t>(kind));
    fill(writer);
    packet.resize(writer.size());
    return packet;
}

Packet askPacket() {
    return makePacket(MessageKind::Ask, [](MessageWriter& writer) {
        writer.u64(42);
        writer.u32(7);
        writer.u8(0);
        writer.text("");
        agent::writeException(writer, {"Shop.CartException", true, "empty", -5, 0x7f00, 0x7e00});
        writer.u32(2);
        writer.text("Shop.dll");
        writer.u32(0x06000001);
        writer.text("");
        writer.u32(0);
        writer.text("Suite.Test");
        writer.u32(1);
    });
}

Packet survivorsPacket(std::uint32_t frames) {
    return makePacket(MessageKind::Survivors, [&](MessageWriter& writer) {
        writer.u64(8);
        writer.text("Shop.Order");
        writer.u32(3);
        writer.u64(528);
        writer.u32(frames);
        for (std::uint32_t i = 0; i < frames; ++i) {
            writer.text("/app/Shop.dll");
            writer.u32(0x06000001 + i);
            writer.u32(i == 0 ? 7 : ~std::uint32_t{0});
            writer.text("Shop.Orders.Accept");
        }
    });
}

Packet nativeSurvivorsPacket(std::uint32_t frames, std::uint8_t resource = 1) {
    return makePacket(MessageKind::NativeSurvivors, [&](MessageWriter& writer) {
        writer.u64(8);
        writer.u8(resource);
        writer.u32(3);
        writer.u64(30);
        writer.u64(12'288);
        writer.u32(frames);
        for (std::uint32_t i = 0; i < frames; ++i) {
            writer.text(i == 0 ? "/usr/lib/libz.so.1" : "/app/Shop.dll");
            writer.u32(i == 0 ? 0 : 0x06000001);
            writer.u64(i == 0 ? 0x1c4f : 7);
            writer.text(i == 0 ? "" : "Shop.Orders.Pack");
        }
    });
}

std::vector<Packet> onePacketOfEach() {
    return {
        nativeSurvivorsPacket(2),
        askPacket(),
        makePacket(MessageKind::Hello, [](MessageWriter& w) { w.u8(1), w.text("10.0.12"); }),
        makePacket(MessageKind::Logged,
                   [](MessageWriter& w) {
                       w.u32(7), w.u8(3);
                       agent::writeException(w, {"T", false, "", 0, 0, 0});
                   }),
        makePacket(MessageKind::Test, [](MessageWriter& w) { w.u32(7), w.u8(2), w.text("name"); }),
        makePacket(MessageKind::Skipped, [](MessageWriter& w) { w.u8(5), w.u32(9), w.text("T"); }),
        survivorsPacket(2),
        makePacket(MessageKind::Sampled,
                   [](MessageWriter& w) { w.u64(8), w.u32(0), w.u32(9), w.u32(4), w.u32(2), w.u8(1); }),
    };
}

TEST(AgentProtocol, ReadsSurvivors) {
    const auto message = parseAgentMessage(survivorsPacket(2));
    const auto* received = std::get_if<ReceivedSurvivors>(&message);
    ASSERT_NE(received, nullptr);
    EXPECT_EQ(received->sequence, 8U);
    EXPECT_EQ(received->site.type, "Shop.Order");
    EXPECT_EQ(received->site.samples, 3U);
    EXPECT_EQ(received->site.bytes, 528U);
    ASSERT_THAT(received->site.frames, SizeIs(2));
    EXPECT_EQ(received->site.frames[0].modulePath, "/app/Shop.dll");
    EXPECT_EQ(received->site.frames[0].ilOffset, 7U);
    EXPECT_EQ(received->site.frames[1].ilOffset, std::nullopt);
    EXPECT_EQ(received->site.frames[1].token, 0x06000002U);
    EXPECT_EQ(received->site.frames[1].method, "Shop.Orders.Accept");
    EXPECT_TRUE(
        std::holds_alternative<std::monostate>(parseAgentMessage(survivorsPacket(agent::kMaxFrames + 1))));
}

TEST(AgentProtocol, ReadsNativeSurvivors) {
    const auto message = parseAgentMessage(nativeSurvivorsPacket(2));
    const auto* received = std::get_if<ReceivedNativeSurvivors>(&message);
    ASSERT_NE(received, nullptr);
    EXPECT_EQ(received->sequence, 8U);
    EXPECT_EQ(received->site.resource, "anonymous");
    EXPECT_EQ(received->site.count, 30U);
    EXPECT_EQ(received->site.bytes, 12'288U);
    ASSERT_THAT(received->site.frames, SizeIs(2));
    EXPECT_EQ(received->site.frames[0].modulePath, "/usr/lib/libz.so.1");
    EXPECT_EQ(received->site.frames[0].position, 0x1c4fU);
    EXPECT_EQ(received->site.frames[1].method, "Shop.Orders.Pack");
    for (const Packet& wrong :
         {nativeSurvivorsPacket(agent::kMaxMixedFrames + 1), nativeSurvivorsPacket(1, 5)}) {
        EXPECT_TRUE(std::holds_alternative<std::monostate>(parseAgentMessage(wrong)));
    }
}

TEST(AgentProtocol, ReadsWhatTheAgentWrites) {
    const auto message = parseAgentMessage(askPacket());
    const auto* received = std::get_if<ReceivedAsk>(&message);
    ASSERT_NE(received, nullptr);
    EXPECT_EQ(received->sequence, 42U);
    EXPECT_EQ(received->ask.namespaceTid, 7);
    EXPECT_EQ(received->ask.trigger, "first-chance");
    EXPECT_EQ(received->ask.type, "Shop.CartException");
    EXPECT_EQ(received->ask.message, "empty");
    EXPECT_EQ(received->ask.hresult, -5);
    EXPECT_EQ(received->ask.objectAddress, 0x7f00U);
    ASSERT_THAT(received->ask.frames, SizeIs(2));
    EXPECT_EQ(received->ask.frames[0].moduleName, "Shop.dll");
    EXPECT_EQ(received->ask.testName, "Suite.Test");
}

TEST(AgentProtocol, EveryCutMessageIsNoMessage) {
    for (const Packet& packet : onePacketOfEach()) {
        EXPECT_FALSE(std::holds_alternative<std::monostate>(parseAgentMessage(packet)));
        for (std::size_t size = 0; size < packet.size(); ++size) {
            EXPECT_TRUE(std::holds_alternative<std::monostate>(parseAgentMessage({packet.data(), size})))
                << size;
        }
        Packet longer = packet;
        longer.push_back(0);
        EXPECT_TRUE(std::holds_alternative<std::monostate>(parseAgentMessage(longer)));
    }
}

Packet mutate(Packet packet, std::mt19937& random) {
    for (std::uint32_t changes = random() % 8; changes > 0 && !packet.empty(); --changes) {
        packet[random() % packet.size()] = static_cast<unsigned char>(random());
    }
    if (random() % 4 == 0) {
        packet.resize(random() % (packet.size() + 40));
    }
    return packet;
}

TEST(AgentProtocol, AnyBytesAreReadWithoutHarm) {
    std::mt19937 random(1);
    const auto packets = onePacketOfEach();
    for (int i = 0; i < 200000; ++i) {
        const Packet packet = mutate(packets[random() % packets.size()], random);
        const auto message = parseAgentMessage(packet);
        if (const auto* received = std::get_if<ReceivedAsk>(&message)) {
            ASSERT_LE(received->ask.frames.size(), agent::kMaxFrames);
        }
    }
}

UniqueFd connectTo(const std::string& path) {
    UniqueFd fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0
               ? std::move(fd)
               : UniqueFd();
}

TEST(AgentProtocol, HostileConnectionsDoNotDisturbTheHost) {
    test::AgentSession session({});
    std::mt19937 random(2);
    const auto packets = onePacketOfEach();
    std::vector<UniqueFd> kept;
    for (int i = 0; i < 3000; ++i) {
        UniqueFd fd = connectTo(session.path("agents"));
        ASSERT_TRUE(fd.valid());
        for (std::uint32_t k = random() % 4; k > 0; --k) {
            const Packet packet = mutate(packets[random() % packets.size()], random);
            ::send(fd.get(), packet.data(), packet.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        }
        if (kept.size() < 100 && random() % 2 == 0) {
            kept.push_back(std::move(fd));
        } else if (random() % 2 == 0) {
            fd.reset();
        }
        session.host->dispatchOnce(0);
        session.host->dispatchOnce(0);
    }
    session.drain();
    session.asks.clear();
    const UniqueFd fd = connectTo(session.path("agents"));
    const Packet ask = askPacket();
    ASSERT_EQ(::send(fd.get(), ask.data(), ask.size(), 0), static_cast<ssize_t>(ask.size()));
    session.drain();
    ASSERT_THAT(session.asks, SizeIs(1));
    EXPECT_EQ(session.asks[0].pid, ::getpid()); // the kernel's word, not the message's
    unsigned char answer[64];
    ASSERT_EQ(::recv(fd.get(), answer, sizeof answer, MSG_DONTWAIT), 14);
    session.host->answer(session.asks[0].askId, false); // a second answer changes nothing
    EXPECT_LT(::recv(fd.get(), answer, sizeof answer, MSG_DONTWAIT), 0);
}

TEST(AgentProtocol, ProcessesOfOtherUsersAreTurnedAway) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "needs root to become another user";
    }
    test::AgentSession session({});
    // The folder and the mode keep others out already; here somebody opened them.
    std::filesystem::permissions(std::filesystem::path(session.path("agents")).parent_path(),
                                 std::filesystem::perms(0755));
    std::filesystem::permissions(session.path("agents"), std::filesystem::perms(0666));
    const Packet hello = onePacketOfEach()[1];
    const pid_t child = ::fork();
    if (child == 0) {
        const bool changed = ::setresuid(12345, 12345, 12345) == 0;
        const UniqueFd fd = connectTo(session.path("agents"));
        const bool connected = changed && fd.valid();
        ::send(fd.get(), hello.data(), hello.size(), MSG_NOSIGNAL); // the host may have hung up already
        char byte = 0;
        const bool turnedAway = ::recv(fd.get(), &byte, 1, 0) <= 0;
        ::_exit(connected && turnedAway ? 0 : 1);
    }
    int status = 0;
    while (::waitpid(child, &status, WNOHANG) == 0) {
        session.host->dispatchOnce(10);
    }
    EXPECT_EQ(status, 0);
    EXPECT_THAT(session.connected, SizeIs(0));
}

TEST(ThreadIds, FindsThreadsOfTheSameNamespace) {
    EXPECT_EQ(findThread(::getpid(), ::getpid()), ::getpid());
    EXPECT_EQ(findThread(::getpid(), 999999999), 0);
    EXPECT_EQ(findThread(::getpid(), 0), 0);
}

} // namespace
} // namespace firstchance
