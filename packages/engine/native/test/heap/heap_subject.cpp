#include "heap/heap_subject.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <gtest/gtest.h>

namespace firstchance {

std::string HeapSubject::folder() {
    const char* other = std::getenv("FIRSTCHANCE_HEAP_SUBJECT");
    return other != nullptr ? other : HEAP_SUBJECT_FOLDER;
}

HeapSubject::HeapSubject(const std::vector<std::string>& environment) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0) {
        ADD_FAILURE() << "pipe";
        return;
    }
    const std::string assembly = folder() + "/HeapSubject.dll";
    const std::string program = folder() + "/HeapSubject"; // a self-contained build has its own
    pid_ = fork();
    if (pid_ == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        for (const std::string& item : environment) {
            putenv(strdup(item.c_str()));
        }
        execl(program.c_str(), program.c_str(), static_cast<char*>(nullptr));
        execlp("dotnet", "dotnet", assembly.c_str(), static_cast<char*>(nullptr));
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    input_.reset(in[1]);
    output_.reset(fdopen(out[0], "r"));
    EXPECT_TRUE(readUntil("ready")) << "the subject did not come up";
}

bool HeapSubject::readUntil(const std::string& word) {
    std::array<char, 4096> line{};
    while (fgets(line.data(), static_cast<int>(line.size()), output_.get()) != nullptr) {
        std::string text(line.data());
        text.erase(text.find_last_not_of('\n') + 1);
        if (text == word) {
            return true;
        }
        const std::size_t space = text.rfind(' ');
        if (text.starts_with("count ")) {
            counts_[text.substr(6, space - 6)] = std::stoull(text.substr(space + 1));
        }
    }
    return false;
}

void HeapSubject::run(const std::string& command) {
    const std::string line = command + "\n";
    EXPECT_EQ(static_cast<ssize_t>(line.size()), write(input_.get(), line.data(), line.size()));
    EXPECT_TRUE(readUntil("done")) << command;
}

int HeapSubject::finish() {
    input_.reset();
    int status = 0;
    const pid_t pid = std::exchange(pid_, -1);
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

HeapSubject::~HeapSubject() {
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        finish();
    }
}

} // namespace firstchance
