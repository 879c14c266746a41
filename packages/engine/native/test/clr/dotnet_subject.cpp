#include "clr/dotnet_subject.h"

#include <sched.h>
#include <sys/syscall.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace firstchance {
namespace {

//! \brief Between its last word and the wait for its input lie some instructions: the test is about the wait.
bool readsItsInput(pid_t pid) {
    std::string call;
    std::ifstream file("/proc/" + std::to_string(pid) + "/syscall");
    std::getline(file, call);
    return !file || call.starts_with(std::to_string(SYS_read) + " ");
}

} // namespace

std::string DotnetSubject::folder() {
    const char* other = std::getenv("FIRSTCHANCE_CLR_SUBJECT");
    return other != nullptr ? other : SUBJECT_FOLDER;
}

std::string DotnetSubject::assemblyPath() {
    return folder() + "/Subject.dll";
}

DotnetSubject::DotnetSubject(const std::vector<std::string>& environment)
    : child_(folder(), "Subject", environment) {
    std::string line;
    bool ready = false;
    while (!ready && child_.readLine(line)) {
        std::istringstream words(line);
        std::string kind;
        words >> kind;
        ready = kind == "ready";
        std::string rest;
        std::getline(words >> std::ws, rest);
        const std::size_t space = rest.rfind(' ');
        if (kind == "count") {
            counts_[rest.substr(0, space)] = std::stoull(rest.substr(space + 1));
        } else if (kind == "fact") {
            facts_[rest.substr(0, space)] = rest.substr(space + 1);
        }
    }
    EXPECT_TRUE(ready) << "the subject did not come up";
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (ready && !readsItsInput(pid()) && std::chrono::steady_clock::now() < end) {
        sched_yield();
    }
}

} // namespace firstchance
