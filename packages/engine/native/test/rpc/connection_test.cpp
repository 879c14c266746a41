#include "rpc/connection.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "base/unique_fd.h"

namespace firstchance {
namespace {

class ConnectionTest : public testing::Test {
protected:
    void fromPeer(const std::string& body) {
        const std::string text = frame(body);
        ASSERT_EQ(::write(peer_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
        connection_.readAvailable();
    }

    Json toPeer() {
        std::array<char, 65536> chunk{};
        const ssize_t got = ::recv(peer_.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
        if (got > 0) {
            reader_.append(std::string_view(chunk.data(), static_cast<std::size_t>(got)));
        }
        const auto body = reader_.next();
        return body ? Json::parse(*body) : Json();
    }

    static std::array<int, 2> makePair() {
        std::array<int, 2> pair{};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()), 0);
        return pair;
    }

    const std::array<int, 2> pair_ = makePair();
    UniqueFd ours_{pair_[0]};
    UniqueFd peer_{pair_[1]};
    FrameReader reader_;
    std::vector<std::string> seen_;
    Json lastId_;
    Connection connection_{
        ours_.get(),
        ours_.get(),
        {[this](const RequestId& id, const std::string& method, const Json&) {
             seen_.push_back(method);
             lastId_ = id;
         },
         [this](const std::string& method, const Json&) { seen_.push_back("~" + method); }}};
};

TEST_F(ConnectionTest, RequestIsAnsweredByItsId) {
    fromPeer(R"({"jsonrpc":"2.0","id":"seven","method":"engine/hello"})");
    ASSERT_EQ(seen_, std::vector<std::string>{"engine/hello"});
    connection_.respond(lastId_, {{"ok", true}});
    const Json answer = toPeer();
    EXPECT_EQ(answer["id"], "seven");
    EXPECT_EQ(answer["result"]["ok"], true);
}

TEST_F(ConnectionTest, ErrorsCarryCodeAndCure) {
    connection_.respondError(3, {ErrorCode::PermissionDenied, "Attaching to process 7",
                                 "Operation not permitted", "Run as its user.", 1});
    const Json error = toPeer()["error"];
    EXPECT_EQ(error["message"], "Attaching to process 7: Operation not permitted. Run as its user.");
    EXPECT_EQ(error["data"]["code"], "permission-denied");
    EXPECT_EQ(error["data"]["errno"], 1);
}

TEST_F(ConnectionTest, OwnRequestsGetTheirAnswersInAnyOrder) {
    std::vector<std::string> answers;
    connection_.request("capture/decide", {},
                        [&](const Result<Json>& r) { answers.push_back("first " + r->dump()); });
    connection_.request("capture/decide", {},
                        [&](const Result<Json>& r) { answers.push_back("second " + r->dump()); });
    const Json first = toPeer();
    const Json second = toPeer();
    fromPeer(Json{{"jsonrpc", "2.0"}, {"id", second["id"]}, {"result", 2}}.dump());
    fromPeer(Json{{"jsonrpc", "2.0"}, {"id", first["id"]}, {"result", 1}}.dump());
    fromPeer(
        Json{{"jsonrpc", "2.0"}, {"id", first["id"]}, {"result", 1}}.dump()); // a second answer is ignored
    EXPECT_EQ(answers, (std::vector<std::string>{"second 2", "first 1"}));
}

TEST_F(ConnectionTest, GarbageIsAnsweredNotObeyed) {
    for (const char* body : {"not json", "[]", "17", "{\"id\":{}}", "{\"method\":3,\"id\":1}", "\xff\xfe"}) {
        fromPeer(body);
    }
    EXPECT_TRUE(seen_.empty());
    EXPECT_EQ(toPeer()["error"]["code"], -32700);
}

TEST_F(ConnectionTest, TextThatIsNoUtf8IsReplaced) {
    connection_.notify("log", {{"text", "bad \xff byte"}});
    EXPECT_EQ(toPeer()["params"]["text"], "bad \xEF\xBF\xBD byte");
}

TEST_F(ConnectionTest, EndOfStreamIsReported) {
    peer_.reset();
    EXPECT_FALSE(connection_.readAvailable());
}

TEST_F(ConnectionTest, WhatWasAskedOfAPeerThatIsGoneFails) {
    Connection connection(ours_.get(), ours_.get(), {});
    int failures = 0;
    const auto count = [&](const Result<Json>& answer) { failures += answer ? 0 : 1; };
    connection.request("capture/decide", {}, count);
    EXPECT_EQ(failures, 0);
    connection.peerGone();
    EXPECT_EQ(failures, 1);
    connection.request("capture/decide", {}, count);
    EXPECT_EQ(failures, 2);
}

} // namespace
} // namespace firstchance
