#pragma once

#include <stdio.h>
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/address.h"

namespace firstchance::test {

//! \brief The program under test of these tests (target/main.cpp), running; killed and waited for at the end.
class Target {
public:
    struct Options {
        std::vector<std::string> arguments;
        std::function<void()> beforeExec; //!< runs in the new process
        bool pidNamespace = false;        //!< as process 1 of a new pid namespace
    };
    explicit Target(const Options& options);
    Target() : Target(Options{}) {}
    explicit Target(std::vector<std::string> arguments) : Target(Options{std::move(arguments), {}, false}) {}
    Target(const Target&) = delete;
    Target& operator=(const Target&) = delete;
    ~Target();

    [[nodiscard]] pid_t pid() const { return pid_; }
    //! \brief A number it printed at its start.
    [[nodiscard]] std::uint64_t fact(const std::string& name) const;
    [[nodiscard]] Address address(const std::string& name) const { return Address(fact(name)); }

    using Report = std::map<std::string, std::string>;
    //! \brief Asks for a report: "report" or "wait" (looks for children it does not know, first). Waits for
    //! the answer.
    Report ask(const std::string& command);
    //! \brief Lets it end by itself; true when it exited with 0. \p report receives its last words.
    bool finish(Report* report = nullptr);

private:
    Report readLine();

    pid_t child_ = 0; //!< what we started and wait for
    pid_t pid_ = 0;   //!< the target: the same, or its child in a pid namespace
    FILE* in_ = nullptr;
    FILE* out_ = nullptr;
    Report facts_;
};

//! \brief A number of a report.
long number(const Target::Report& report, const std::string& name);

//! \brief Fails the test where the target noticed that it was stopped: a wrong result, an early return, an
//! EINTR that could have been avoided, a child signal, a strange child.
void expectUnharmed(Target& target);

//! \brief Threads of a process as (id, state, scheduling policy, traced by whom), to be the same before and
//! after.
std::string describeThreads(pid_t pid);

} // namespace firstchance::test
