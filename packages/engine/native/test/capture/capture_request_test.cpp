#include "capture/capture_request.h"

#include <gtest/gtest.h>

namespace firstchance {
namespace {

using Json = nlohmann::json;

TEST(CaptureRequest, Defaults) {
    const auto request = parseCaptureRequest({{"pid", 7}, {"folder", "/x"}, {"dump", {{"kind", "heap"}}}});
    ASSERT_TRUE(request);
    EXPECT_EQ(request->pid, 7);
    EXPECT_EQ(request->gcRetry.count(), 500);
    ASSERT_TRUE(request->keep && request->keep->dump);
    EXPECT_EQ(request->keep->dump->kind, DumpKind::Heap);
    EXPECT_TRUE(request->keep->dump->compressed);
    EXPECT_TRUE(request->keep->stacks);
}

TEST(CaptureRequest, FocusHasABudget) {
    const auto dumpOf = [](const Json& dump) {
        const auto request = parseCaptureRequest({{"pid", 7}, {"folder", "/x"}, {"dump", dump}});
        EXPECT_TRUE(request);
        return *request->keep->dump;
    };
    EXPECT_EQ(dumpOf({{"kind", "auto"}}).kind, DumpKind::Auto);
    EXPECT_EQ(dumpOf({{"kind", "focus"}}).kind, DumpKind::Focus);
    EXPECT_EQ(dumpOf({{"kind", "focus"}}).focusBudgetBytes, 16 << 20);
    EXPECT_EQ(dumpOf({{"kind", "focus"}, {"focusBudgetBytes", 4096}}).focusBudgetBytes, 4096);
}

TEST(CaptureRequest, NoDumpNeedsNoFolder) {
    const auto request = parseCaptureRequest({{"pid", 7}, {"dump", nullptr}});
    ASSERT_TRUE(request);
    EXPECT_FALSE(request->keep->dump);
}

TEST(CaptureRequest, WrongParametersAreNamed) {
    const std::pair<Json, const char*> cases[] = {
        {{{"pid", 0}, {"dump", nullptr}}, "pid"},
        {{{"pid", "7"}, {"dump", nullptr}}, "pid"},
        {{{"pid", -7}, {"dump", nullptr}}, "pid"},
        {{{"pid", 4294967297}, {"dump", nullptr}}, "pid"},
        {{{"pid", 7}, {"folder", "relative"}, {"dump", Json::object()}}, "folder"},
        {{{"pid", 7}, {"folder", "/x"}, {"dump", {{"kind", "huge"}}}}, "dump.kind"},
        {{{"pid", 7}, {"folder", "/x"}, {"dump", {{"compression", "lzma"}}}}, "dump.compression"},
        {{{"pid", 7}, {"folder", "/x"}, {"dump", {{"threads", 65}}}}, "dump"},
        {{{"pid", 7}, {"dump", nullptr}, {"method", "magic"}}, "method"},
        {{{"pid", 7}, {"dump", nullptr}, {"stacks", 1}}, "stacks"},
    };
    for (const auto& [params, key] : cases) {
        const auto request = parseCaptureRequest(params);
        ASSERT_FALSE(request) << params;
        EXPECT_EQ(request.error().code, ErrorCode::InvalidArgument);
        EXPECT_NE(request.error().what.find(std::string("'") + key + "'"), std::string::npos)
            << describe(request.error());
    }
}

TEST(CaptureRequest, ErrorsSurviveTheTrip) {
    const Error error{ErrorCode::DiskFull, "Writing", "No space left on device", "Free some.", 28};
    const Error back = errorFromJson(Json::parse(errorToJson(error).dump()));
    EXPECT_EQ(back.code, error.code);
    EXPECT_EQ(describe(back), describe(error));
    EXPECT_EQ(back.systemError, 28);
}

} // namespace
} // namespace firstchance
