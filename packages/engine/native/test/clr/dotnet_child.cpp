#include "clr/dotnet_child.h"

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

DotnetChild::DotnetChild(const std::string& folder, const std::string& name,
                         const std::vector<std::string>& environment) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0) {
        ADD_FAILURE() << "pipe";
        return;
    }
    const std::string program = folder + "/" + name;
    const std::string assembly = program + ".dll";
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
}

bool DotnetChild::readLine(std::string& line) {
    std::array<char, 4096> text{};
    if (output_ == nullptr || fgets(text.data(), static_cast<int>(text.size()), output_.get()) == nullptr) {
        return false;
    }
    line = text.data();
    line.erase(line.find_last_not_of('\n') + 1);
    return true;
}

void DotnetChild::writeLine(const std::string& text) {
    const std::string line = text + "\n";
    EXPECT_EQ(static_cast<ssize_t>(line.size()), write(input_.get(), line.data(), line.size()));
}

int DotnetChild::finish() {
    input_.reset();
    int status = 0;
    const pid_t pid = std::exchange(pid_, -1);
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

DotnetChild::~DotnetChild() {
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        finish();
    }
}

} // namespace firstchance
