#include "rpc/framing.h"

#include <gtest/gtest.h>

#include <random>

namespace firstchance {
namespace {

TEST(Framing, RoundTrip) {
    FrameReader reader;
    reader.append(frame("{\"a\":1}") + frame("") + frame("äöü"));
    EXPECT_EQ(reader.next(), "{\"a\":1}");
    EXPECT_EQ(reader.next(), "");
    EXPECT_EQ(reader.next(), "äöü");
    EXPECT_EQ(reader.next(), std::nullopt);
    EXPECT_FALSE(reader.broken());
}

TEST(Framing, ByteByByte) {
    FrameReader reader;
    const std::string text = frame("hello") + frame("world");
    std::vector<std::string> messages;
    for (const char byte : text) {
        reader.append(std::string_view(&byte, 1));
        while (const auto message = reader.next()) {
            messages.push_back(*message);
        }
    }
    EXPECT_EQ(messages, (std::vector<std::string>{"hello", "world"}));
}

TEST(Framing, OtherHeadersAreIgnored) {
    FrameReader reader;
    reader.append("Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:  2\r\n\r\nok");
    EXPECT_EQ(reader.next(), "ok");
}

TEST(Framing, HostileLengthsBreakTheStreamWithoutAllocating) {
    for (const char* header : {"Content-Length: 99999999999999999999\r\n\r\n", "Content-Length: -1\r\n\r\n",
                               "Content-Length: 1e9\r\n\r\n", "Content-Length: 18446744073709551615\r\n\r\n",
                               "Nothing: 1\r\n\r\n"}) {
        FrameReader reader;
        reader.append(header);
        EXPECT_EQ(reader.next(), std::nullopt);
        EXPECT_TRUE(reader.broken()) << header;
    }
}

TEST(Framing, EndlessHeaderIsRefused) {
    FrameReader reader;
    reader.append(std::string(10000, 'x'));
    EXPECT_EQ(reader.next(), std::nullopt);
    EXPECT_TRUE(reader.broken());
}

TEST(Framing, MutatedStreamsNeverReadPastTheirEnd) {
    std::mt19937 random(7);
    const std::string good = frame("{\"jsonrpc\":\"2.0\"}") + frame("[1,2,3]");
    for (int round = 0; round < 20000; ++round) {
        std::string text = good;
        for (int change = 0; change < 3; ++change) {
            text[random() % text.size()] = static_cast<char>(random());
        }
        FrameReader reader;
        reader.append(text);
        std::size_t total = 0;
        while (const auto message = reader.next()) {
            total += message->size();
        }
        EXPECT_LE(total, text.size());
    }
}

} // namespace
} // namespace firstchance
