#include "agent/own_code.h"

#include "agent/wildcard.h"

namespace firstchance::agent {

bool isFrameworkModule(Text path) {
    if (matchesPart("/shared/Microsoft.*.App/", path)) {
        return true;
    }
    constexpr Text kPrefixes[] = {"System.", "Microsoft.", "mscorlib.", "netstandard.", "WindowsBase.",
                                  "xunit",   "nunit",      "testhost",  "TUnit"};
    const Text name = fileName(path);
    for (const Text prefix : kPrefixes) {
        if (startsWithIgnoreCase(name, prefix)) {
            return true;
        }
    }
    return false;
}

} // namespace firstchance::agent
