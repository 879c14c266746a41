#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "../base/sanitized.h"
#include "call.h"

namespace firstchance {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

//! \brief A copy of the library in a folder of its own, beside an engine that is a shell script.
class MisbehavingEngine : public ::testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "fc-capi-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        fs::copy_file(FIRSTCHANCE_LIBRARY, folder_ / "libfirstchance.so");
        library_ = ::dlopen((folder_ / "libfirstchance.so").c_str(), RTLD_NOW | RTLD_LOCAL);
        ASSERT_NE(library_, nullptr) << ::dlerror();
    }
    void TearDown() override {
        // What a library that is gone had allocated belongs to nobody: the leak sanitizer could not name it.
        if (!kSanitized) {
            ::dlclose(library_);
        }
        fs::remove_all(folder_);
        EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
    }

    void engineIs(const std::string& script) {
        std::ofstream(folder_ / "firstchance-engine") << "#!/bin/sh\n" << script << "\n";
        fs::permissions(folder_ / "firstchance-engine", fs::perms::owner_all);
    }

    template <class F> F* function(const char* name) { return reinterpret_cast<F*>(::dlsym(library_, name)); }

    std::pair<fc_status, nlohmann::json> inspect() {
        return callC(function<decltype(fc_dump_inspect)>("fc_dump_inspect"), "{\"file\":\"/x\"}",
                     static_cast<fc_cancel*>(nullptr));
    }

private:
    fs::path folder_;
    void* library_ = nullptr;
};

TEST_F(MisbehavingEngine, ThatIsMissingIsNamed) {
    const auto [status, error] = inspect();
    EXPECT_EQ(status, FC_ERROR);
    EXPECT_THAT(error["what"].get<std::string>(), HasSubstr("/firstchance-engine"));
    EXPECT_EQ(error["errno"], ENOENT);
}

TEST_F(MisbehavingEngine, ThatDiesIsToldWithItsEnd) {
    engineIs("exit 3");
    EXPECT_THAT(inspect().second["why"].get<std::string>(), HasSubstr("exit status 3"));
    engineIs("kill -SEGV $$");
    EXPECT_THAT(inspect().second["why"].get<std::string>(), HasSubstr("signal 11"));
}

TEST_F(MisbehavingEngine, ThatDiesDoesNotRaiseASignalHere) {
    // A request larger than the socket's buffer, to an engine that never reads it.
    engineIs("exit 0");
    const std::string request = R"({"file":")" + std::string(4 << 20, 'x') + "\"}";
    const auto [status, error] = callC(function<decltype(fc_dump_inspect)>("fc_dump_inspect"),
                                       request.c_str(), static_cast<fc_cancel*>(nullptr));
    EXPECT_EQ(status, FC_ERROR);
    EXPECT_EQ(error["code"], "internal");
}

TEST_F(MisbehavingEngine, ThatWritesGarbageFailsTheCall) {
    engineIs(R"(printf 'Segmentation fault\r\n\r\n'; cat > /dev/null)");
    EXPECT_EQ(inspect().second["code"], "internal");
    // Framed, but nothing of ours: passed over until the answer.
    engineIs(
        R"(printf 'Content-Length: 2\r\n\r\n[]Content-Length: 13\r\n\r\n{"method":[]}Content-Length: 5\r\n\r\n{nopeContent-Length: 12\r\n\r\n{"result":7}'; cat > /dev/null)");
    const auto [status, result] = inspect();
    EXPECT_EQ(status, FC_OK);
    EXPECT_EQ(result, 7);
}

TEST_F(MisbehavingEngine, ThatAnswersWithAStrangeErrorIsStillAnError) {
    engineIs(R"(printf 'Content-Length: 11\r\n\r\n{"error":7}'; cat > /dev/null)");
    EXPECT_EQ(inspect().first, FC_ERROR);
    engineIs(R"(printf 'Content-Length: 26\r\n\r\n{"error":{"data":{"x":1}}}'; cat > /dev/null)");
    EXPECT_EQ(inspect().first, FC_ERROR);
}

} // namespace
} // namespace firstchance
