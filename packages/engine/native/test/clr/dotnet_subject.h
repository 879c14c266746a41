#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "clr/dotnet_child.h"

namespace firstchance {

//! \brief The .NET program in subject/, running and in its final state: it has printed "ready" and waits for
//! its input to end.
class DotnetSubject {
public:
    //! \brief \p environment: "NAME=value" added to ours.
    explicit DotnetSubject(const std::vector<std::string>& environment = {});

    [[nodiscard]] pid_t pid() const { return child_.pid(); }
    //! \brief What the program says it allocated: .NET's own type name (Type.ToString) to the number.
    [[nodiscard]] const std::map<std::string, std::uint64_t>& counts() const { return counts_; }
    [[nodiscard]] const std::map<std::string, std::string>& facts() const { return facts_; }
    //! \brief Ends its input; its exit code, or -signal. 0 means it came to no harm.
    int finish() { return child_.finish(); }

    //! \brief Where it was built to. FIRSTCHANCE_CLR_SUBJECT names another build of it, e.g. a self-contained
    //! one of .NET 8.
    [[nodiscard]] static std::string folder();
    [[nodiscard]] static std::string assemblyPath();

private:
    DotnetChild child_;
    std::map<std::string, std::uint64_t> counts_;
    std::map<std::string, std::string> facts_;
};

} // namespace firstchance
