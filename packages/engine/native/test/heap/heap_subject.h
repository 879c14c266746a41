#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "clr/dotnet_child.h"

namespace firstchance {

//! \brief The .NET program in subject/: it has printed its counts and "ready", and waits for commands.
//! FIRSTCHANCE_HEAP_SUBJECT names another build of it, e.g. a self-contained one of .NET 8.
class HeapSubject {
public:
    //! \brief \p environment: "NAME=value" added to ours.
    explicit HeapSubject(const std::vector<std::string>& environment = {});

    [[nodiscard]] static std::string folder();
    [[nodiscard]] pid_t pid() const { return child_.pid(); }
    //! \brief Type names to objects alive, as the program tells them.
    [[nodiscard]] const std::map<std::string, std::uint64_t>& counts() const { return counts_; }
    //! \brief Sends a command and waits until it is done; the program must not be stopped.
    void run(const std::string& command);
    //! \brief Ends its input; its exit code, or -signal. 0 means it came to no harm.
    int finish() { return child_.finish(); }

private:
    bool readUntil(const std::string& word);

    DotnetChild child_;
    std::map<std::string, std::uint64_t> counts_;
};

} // namespace firstchance
