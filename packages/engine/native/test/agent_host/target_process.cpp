#include "target_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <stdexcept>

namespace firstchance::test {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kLimit{60};

struct Pipe {
    UniqueFd read;
    UniqueFd write;
    Pipe() {
        int fds[2];
        if (::pipe2(fds, O_CLOEXEC) != 0) {
            throw std::runtime_error("pipe2");
        }
        read.reset(fds[0]);
        write.reset(fds[1]);
    }
};

void append(UniqueFd& fd, std::string& text) {
    char buffer[4096];
    while (fd.valid()) {
        const ssize_t size = ::read(fd.get(), buffer, sizeof buffer);
        if (size > 0) {
            text.append(buffer, static_cast<std::size_t>(size));
        } else if (size == 0) {
            fd.reset();
        } else {
            return; // EAGAIN
        }
    }
}

} // namespace

TargetProcess::TargetProcess(std::vector<std::string> command,
                             const std::map<std::string, std::string>& environment) {
    std::string pattern = (std::filesystem::temp_directory_path() / "fc-target-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("mkdtemp");
    }
    temporary_ = pattern;
    Pipe in;
    Pipe out;
    Pipe err;
    std::vector<char*> argv;
    argv.reserve(command.size() + 1);
    for (auto& word : command) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(in.read.get(), 0);
        ::dup2(out.write.get(), 1);
        ::dup2(err.write.get(), 2);
        ::setenv("TMPDIR", temporary_.c_str(), 1);
        for (const auto& [name, value] : environment) {
            ::setenv(name.c_str(), value.c_str(), 1);
        }
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
    input_ = std::move(in.write);
    output_ = std::move(out.read);
    errors_ = std::move(err.read);
    ::fcntl(output_.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(errors_.get(), F_SETFL, O_NONBLOCK);
}

TargetProcess::~TargetProcess() {
    if (!ended_) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, &status_, 0);
    }
    std::error_code ignored; // a child of the target may still be writing there
    std::filesystem::remove_all(temporary_, ignored);
}

void TargetProcess::writeLine(const std::string& line) {
    const std::string text = line + "\n";
    if (::write(input_.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
        throw std::runtime_error("the target does not read");
    }
}

void TargetProcess::kill(int signal) const {
    ::kill(pid_, signal);
}

bool TargetProcess::runToEnd(const std::function<void()>& work) {
    runUntil([] { return false; }, work);
    return ended_;
}

bool TargetProcess::runUntil(const std::function<bool()>& done, const std::function<void()>& work) {
    const auto end = Clock::now() + kLimit;
    while (Clock::now() < end) {
        readAvailable();
        if (done()) {
            return true;
        }
        if (reap()) {
            readAvailable();
            return done();
        }
        work();
    }
    return false;
}

void TargetProcess::readAvailable() {
    append(output_, outputText_);
    append(errors_, errorText_);
}

bool TargetProcess::reap() {
    ended_ = ended_ || ::waitpid(pid_, &status_, WNOHANG) == pid_;
    return ended_;
}

} // namespace firstchance::test
