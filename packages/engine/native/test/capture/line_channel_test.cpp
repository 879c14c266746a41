#include "capture/line_channel.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <thread>

namespace firstchance {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

std::pair<LineChannel, LineChannel> makePair() {
    std::array<int, 2> pair{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()), 0);
    return {LineChannel(UniqueFd(pair[0])), LineChannel(UniqueFd(pair[1]))};
}

TEST(LineChannel, MessagesKeepTheirOrderAndContent) {
    auto [a, b] = makePair();
    ASSERT_TRUE(a.send({{"text", "line\nbreak"}}));
    ASSERT_TRUE(a.send({{"n", 2}}));
    EXPECT_EQ((*b.receive(10s))["text"], "line\nbreak");
    EXPECT_EQ((*b.receive(10s))["n"], 2);
}

TEST(LineChannel, LargeMessagesArriveWhole) {
    auto [a, b] = makePair();
    const std::string large(5 << 20, 'x');
    std::thread sender([&a = a, &large] { a.send({{"text", large}}); });
    const auto message = b.receive(30s);
    sender.join();
    ASSERT_TRUE(message);
    EXPECT_EQ((*message)["text"].get<std::string>().size(), large.size());
}

TEST(LineChannel, TheEndOfTheOtherSideIsSeen) {
    auto [a, b] = makePair();
    a.send({{"last", true}});
    { const LineChannel gone = std::move(a); }
    EXPECT_TRUE(b.receive(10s));
    EXPECT_FALSE(b.receive(10s));
    EXPECT_TRUE(b.closed());
    EXPECT_FALSE(b.send({{"nobody", "listens"}}));
}

} // namespace
} // namespace firstchance
