#include "clr/dotnet_subject.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
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

DotnetSubject::DotnetSubject(const std::vector<std::string>& environment) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0) {
        ADD_FAILURE() << "pipe";
        return;
    }
    const std::string assembly = assemblyPath();
    pid_ = fork();
    if (pid_ == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        for (const std::string& item : environment) {
            putenv(strdup(item.c_str()));
        }
        const std::string program = folder() + "/Subject"; // a self-contained build has its own
        execl(program.c_str(), program.c_str(), static_cast<char*>(nullptr));
        execlp("dotnet", "dotnet", assembly.c_str(), static_cast<char*>(nullptr));
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    input_.reset(in[1]);
    const std::unique_ptr<FILE, int (*)(FILE*)> output(fdopen(out[0], "r"), &fclose);
    std::array<char, 4096> line{};
    bool ready = false;
    while (!ready && fgets(line.data(), static_cast<int>(line.size()), output.get()) != nullptr) {
        std::istringstream words(line.data());
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
    while (ready && !readsItsInput(pid_) && std::chrono::steady_clock::now() < end) {
        sched_yield();
    }
}

int DotnetSubject::finish() {
    input_.reset();
    int status = 0;
    const pid_t pid = std::exchange(pid_, -1);
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

DotnetSubject::~DotnetSubject() {
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        finish();
    }
}

} // namespace firstchance
