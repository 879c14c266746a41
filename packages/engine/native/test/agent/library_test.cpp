#include <gtest/gtest.h>
#include <stdio.h>

#include <memory>
#include <set>
#include <sstream>
#include <string>

namespace firstchance::agent {
namespace {

std::string outputOf(const std::string& command) {
    std::string text;
    FILE* pipe = ::popen(command.c_str(), "r");
    char buffer[4096];
    while (pipe != nullptr) {
        const std::size_t size = ::fread(buffer, 1, sizeof buffer, pipe);
        if (size == 0) {
            break;
        }
        text.append(buffer, size);
    }
    EXPECT_EQ(::pclose(pipe), 0) << command;
    return text;
}

const std::string kLibrary = FIRSTCHANCE_AGENT_LIBRARY;

TEST(AgentLibrary, NeedsNothingButLibc) {
    std::istringstream lines(outputOf("readelf -dW " + kLibrary));
    std::string line;
    bool noDelete = false;
    while (std::getline(lines, line)) {
        if (line.find("(NEEDED)") != std::string::npos) {
            EXPECT_TRUE(line.find("[libc.so.6]") != std::string::npos ||
                        line.find("[ld-linux") != std::string::npos)
                << line;
        }
        noDelete = noDelete || line.find("NODELETE") != std::string::npos;
    }
    EXPECT_TRUE(noDelete);
}

TEST(AgentLibrary, NeedsNoSymbolNewerThanGlibc235AndExportsTwo) {
    std::istringstream lines(outputOf("nm -DP " + kLibrary));
    std::string line;
    std::set<std::string> exported;
    int imported = 0;
    while (std::getline(lines, line)) {
        std::istringstream words(line);
        std::string name;
        std::string kind;
        words >> name >> kind;
        if (kind == "T") {
            exported.insert(name);
        }
        const auto version = name.find("@GLIBC_2.");
        if (version != std::string::npos) {
            ++imported;
            EXPECT_LE(std::stoi(name.substr(version + 9)), 35) << name;
        }
        EXPECT_EQ(name.rfind("_Z", 0), std::string::npos) << name; // a C++ symbol
    }
    EXPECT_GT(imported, 10);
    EXPECT_EQ(exported, (std::set<std::string>{"DllCanUnloadNow", "DllGetClassObject"}));
}

} // namespace
} // namespace firstchance::agent
