#include "target.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>

#include "linux/process_status.h"
#include "linux/task_list.h"

namespace firstchance::test {
namespace {

[[noreturn]] void runProgram(const Target::Options& options) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (options.beforeExec) {
        options.beforeExec();
    }
    std::vector<char*> arguments;
    std::string program = FIRSTCHANCE_SNAPSHOT_TARGET;
    arguments.push_back(program.data());
    for (const std::string& argument : options.arguments) {
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    ::execv(program.c_str(), arguments.data());
    ::_exit(127);
}

pid_t onlyChildOf(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) + "/children");
    pid_t child = 0;
    file >> child;
    return child;
}

} // namespace

Target::Target(const Options& options) {
    std::array<int, 2> to{};
    std::array<int, 2> from{};
    EXPECT_EQ(::pipe2(to.data(), O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(from.data(), O_CLOEXEC), 0);
    child_ = ::fork();
    if (child_ == 0) {
        ::dup2(to[0], STDIN_FILENO);
        ::dup2(from[1], STDOUT_FILENO);
        if (!options.pidNamespace) {
            runProgram(options);
        }
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const bool alone = ::unshare(CLONE_NEWPID) == 0;
        const pid_t inner = alone ? ::fork() : -1;
        if (inner == 0) {
            runProgram(options);
        }
        int status = 0;
        ::waitpid(inner, &status, 0);
        ::_exit(inner > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 126);
    }
    ::close(to[0]);
    ::close(from[1]);
    in_ = ::fdopen(to[1], "w");
    out_ = ::fdopen(from[0], "r");
    facts_ = readLine();
    pid_ = options.pidNamespace ? onlyChildOf(child_) : child_;
}

Target::~Target() {
    std::fclose(in_);
    std::fclose(out_);
    if (child_ > 0) {
        ::kill(pid_, SIGCONT);
        ::kill(pid_, SIGKILL);
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
    }
}

Target::Report Target::readLine() {
    Report report;
    std::array<char, 4096> line{};
    if (std::fgets(line.data(), static_cast<int>(line.size()), out_) == nullptr) {
        ADD_FAILURE() << "the target ended without a word";
        return report;
    }
    std::istringstream words(line.data());
    for (std::string word; words >> word;) {
        const auto equals = word.find('=');
        report[word.substr(0, equals)] = word.substr(equals + 1);
    }
    return report;
}

std::uint64_t Target::fact(const std::string& name) const {
    const auto found = facts_.find(name);
    if (found == facts_.end()) {
        ADD_FAILURE() << "the target said nothing about " << name;
        return 0;
    }
    return std::stoull(found->second);
}

Target::Report Target::ask(const std::string& command) {
    std::fprintf(in_, "%s\n", command.c_str());
    std::fflush(in_);
    return readLine();
}

bool Target::finish(Report* report) {
    const Report last = ask("finish");
    if (report != nullptr) {
        *report = last;
    }
    int status = 0;
    const bool waited = ::waitpid(child_, &status, 0) == child_;
    child_ = 0;
    return waited && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

long number(const Target::Report& report, const std::string& name) {
    const auto found = report.find(name);
    return found == report.end() ? -1 : std::stol(found->second);
}

void expectUnharmed(Target& target) {
    const auto report = target.ask("wait");
    const auto first = report.find("firstWrong");
    SCOPED_TRACE(first == report.end() ? "" : "first wrong result: " + first->second);
    EXPECT_EQ(number(report, "childSignals"), 0);
    EXPECT_EQ(number(report, "spuriousInterrupts"), 0);
    EXPECT_EQ(number(report, "wrongResults"), 0);
    EXPECT_EQ(number(report, "earlyReturns"), 0);
    EXPECT_EQ(number(report, "strangers"), 0);
}

std::string describeThreads(pid_t pid) {
    std::ostringstream text;
    const auto tasks = listTasks(pid);
    if (!tasks) {
        return "gone";
    }
    for (const pid_t tid : *tasks) {
        const auto status = readProcessStatus(tid);
        text << tid << " policy " << ::sched_getscheduler(tid) << " tracer "
             << (status ? status->tracerPid : -1) << " mask ";
        std::ifstream lines("/proc/" + std::to_string(pid) + "/task/" + std::to_string(tid) + "/status");
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with("SigBlk")) {
                text << line.substr(8);
            }
        }
        text << "\n";
    }
    return text.str();
}

} // namespace firstchance::test
