#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace firstchance::test {

//! \brief A program under test with its streams in pipes and a temporary folder of its own, since a runtime
//! that crashes leaves its diagnostics socket there. Killed when it still runs at the end.
class TargetProcess {
public:
    TargetProcess(std::vector<std::string> command, const std::map<std::string, std::string>& environment);
    TargetProcess(const TargetProcess&) = delete;
    TargetProcess& operator=(const TargetProcess&) = delete;
    ~TargetProcess();

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] const std::filesystem::path& temporaryFolder() const { return temporary_; }
    void writeLine(const std::string& line);
    void closeInput() { input_.reset(); }
    void kill(int signal) const;
    //! \brief Calls \p work (which waits a little for events of its own) until the process has ended and its
    //! output is read. False after 60 s.
    bool runToEnd(const std::function<void()>& work);
    //! \brief Calls \p work until \p done; false when the process has ended or 60 s have passed before that.
    bool runUntil(const std::function<bool()>& done, const std::function<void()>& work);

    [[nodiscard]] const std::string& output() const { return outputText_; }
    [[nodiscard]] const std::string& errors() const { return errorText_; }
    //! \brief Wait status of waitpid(2), once it has ended.
    [[nodiscard]] int status() const { return status_; }

private:
    void readAvailable();
    bool reap();

    std::filesystem::path temporary_;
    pid_t pid_ = -1;
    bool ended_ = false;
    int status_ = 0;
    UniqueFd input_;
    UniqueFd output_;
    UniqueFd errors_;
    std::string outputText_;
    std::string errorText_;
};

} // namespace firstchance::test
