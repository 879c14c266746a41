#pragma once

#include <sys/types.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace firstchance {

//! \brief A .NET program that a test starts and talks to by its input and output; killed when the test ends.
class DotnetChild {
public:
    //! \brief Starts FOLDER/NAME, or `dotnet FOLDER/NAME.dll` where there is none (a self-contained build has
    //! its own). \p environment: "NAME=value" added to ours.
    DotnetChild(const std::string& folder, const std::string& name,
                const std::vector<std::string>& environment);
    DotnetChild(const DotnetChild&) = delete;
    DotnetChild& operator=(const DotnetChild&) = delete;
    ~DotnetChild();

    [[nodiscard]] pid_t pid() const { return pid_; }
    //! \brief Its next line without the end of the line; false when it has closed its output.
    bool readLine(std::string& line);
    void writeLine(const std::string& text);
    //! \brief Ends its input; its exit code, or -signal. 0 means it came to no harm.
    int finish();

private:
    pid_t pid_ = -1;
    UniqueFd input_;
    std::unique_ptr<FILE, int (*)(FILE*)> output_{nullptr, &fclose};
};

} // namespace firstchance
