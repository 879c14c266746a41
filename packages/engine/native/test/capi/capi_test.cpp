#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "call.h"

namespace firstchance {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using Json = nlohmann::json;

bool hasChildren() {
    return ::waitpid(-1, nullptr, WNOHANG) == 0;
}

std::string outputOf(const std::string& command) {
    std::string output;
    const auto close = [](FILE* file) { ::pclose(file); };
    const std::unique_ptr<FILE, decltype(close)> pipe(::popen(command.c_str(), "r"), close);
    std::array<char, 4096> chunk;
    while (const std::size_t got = std::fread(chunk.data(), 1, chunk.size(), pipe.get())) {
        output.append(chunk.data(), got);
    }
    return output;
}

TEST(Capi, SaysWhatItIs) {
    EXPECT_EQ(fc_abi_version(), static_cast<std::uint32_t>(FC_ABI_VERSION));
    const auto [status, hello] = callC(fc_hello);
    EXPECT_EQ(status, FC_OK);
    EXPECT_EQ(hello["pid"], ::getpid());
    EXPECT_THAT(hello["agentPath"].get<std::string>(), HasSubstr("/libfirstchance_agent.so"));
}

TEST(Capi, ExportsTheHeadersFunctionsAndNothingElse) {
    const std::string names =
        outputOf("nm -D --defined-only --format=posix " FIRSTCHANCE_LIBRARY " | cut -d' ' -f1 | sort");
    EXPECT_EQ(
        names,
        "fc_abi_version\nfc_cancel_free\nfc_cancel_new\nfc_cancel_request\nfc_capture_take\nfc_census_take\n"
        "fc_dump_inspect\nfc_dump_unpack\nfc_free\nfc_heap_graph\nfc_hello\nfc_process_inspect\n");
}

TEST(Capi, InspectsAProcessInThisOne) {
    const auto [status, facts] = callC(fc_process_inspect, ::getpid());
    EXPECT_EQ(status, FC_OK);
    EXPECT_EQ(facts["pid"], ::getpid());
    EXPECT_EQ(facts["runtime"]["kind"], "none");
    EXPECT_FALSE(hasChildren());
}

TEST(Capi, ErrorsAreJsonWithACode) {
    for (const auto& [pid, code] :
         {std::pair{0, "invalid-argument"}, {-1, "invalid-argument"}, {1 << 22, "no-such-process"}}) {
        const auto [status, error] = callC(fc_process_inspect, pid);
        EXPECT_EQ(status, FC_ERROR);
        EXPECT_EQ(error["code"], code);
        EXPECT_FALSE(error["what"].get<std::string>().empty());
        EXPECT_FALSE(error["why"].get<std::string>().empty());
    }
}

TEST(Capi, RefusesWhatIsNoRequest) {
    for (const char* request :
         {static_cast<const char*>(nullptr), "", "nope", "[]", "7", "null", "{", "{\"file\":", "\xff"}) {
        const auto [status, error] = callC(fc_dump_unpack, request, nullptr, nullptr, nullptr);
        EXPECT_EQ(status, FC_ERROR);
        EXPECT_EQ(error["code"], "invalid-argument") << (request == nullptr ? "NULL" : request);
        EXPECT_EQ(callC(fc_capture_take, request, nullptr, nullptr, nullptr).second["code"],
                  "invalid-argument");
        EXPECT_EQ(callC(fc_dump_inspect, request, nullptr).second["code"], "invalid-argument");
    }
    EXPECT_FALSE(hasChildren());
}

TEST(Capi, CallsOfTheEngineAnswerWithItsErrors) {
    const auto [status, error] = callC(fc_dump_inspect, R"({"file":"/nowhere/dump.core"})", nullptr);
    EXPECT_EQ(status, FC_ERROR);
    EXPECT_THAT(error["what"].get<std::string>() + error["why"].get<std::string>(),
                HasSubstr("No such file"));
    const std::string self = R"({"folder":"/tmp","dump":null,"pid":)" + std::to_string(::getpid()) + "}";
    const auto [taken, why] = callC(fc_capture_take, self.c_str(), nullptr, nullptr, nullptr);
    EXPECT_EQ(taken, FC_ERROR);
    EXPECT_THAT(why["code"].get<std::string>(), AnyOf("not-dotnet", "permission-denied"));
    EXPECT_FALSE(hasChildren());
}

TEST(Capi, AnyRequestIsAnsweredInJson) {
    std::mt19937 random(42);
    const std::string valid = R"({"file":"/dev/null","output":"/nowhere/x","stacks":true,"topTypes":false})";
    for (int round = 0; round < 3000; ++round) {
        std::string request = valid;
        for (unsigned edits = 1 + random() % 4; edits > 0; --edits) {
            const std::size_t at = random() % request.size();
            switch (random() % 4) {
            case 0: request[at] = static_cast<char>(1 + random() % 255); break;
            case 1: request.erase(at, 1 + random() % 8); break;
            case 2: request.insert(at, 1, "{}[]\",:0-"[random() % 9]); break;
            default: request.resize(at); break;
            }
            if (request.empty()) {
                request = valid;
            }
        }
        const auto [status, json] = callC(fc_dump_unpack, request.c_str(), nullptr, nullptr, nullptr);
        ASSERT_EQ(status, FC_ERROR) << request;
        ASSERT_TRUE(json.is_object() && json["code"].is_string()) << request;
    }
}

TEST(Capi, ManyThreadsAtOnceEachGetTheirOwnAnswer) {
    std::vector<std::thread> threads;
    std::atomic<int> right{0};
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([i, &right] {
            const std::string file = "/nowhere/" + std::to_string(i);
            const auto [status, error] = callC(fc_dump_inspect, Json{{"file", file}}.dump().c_str(), nullptr);
            const auto [ok, facts] = callC(fc_process_inspect, ::getpid());
            right +=
                status == FC_ERROR && error.dump().find(file) != std::string::npos && ok == FC_OK ? 1 : 0;
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(right, 8);
    EXPECT_FALSE(hasChildren());
}

TEST(Capi, ACancelIsForAnyThreadAndAnyTime) {
    fc_cancel* cancel = fc_cancel_new();
    fc_cancel_request(cancel);
    fc_cancel_request(cancel);
    EXPECT_EQ(callC(fc_dump_inspect, R"({"file":"/nowhere"})", cancel).first, FC_ERROR);
    fc_cancel_free(cancel);
    fc_cancel_request(nullptr);
    fc_cancel_free(nullptr);
    fc_free(nullptr);
}

} // namespace
} // namespace firstchance
