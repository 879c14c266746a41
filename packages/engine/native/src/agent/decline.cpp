#include "agent/decline.h"

namespace firstchance::agent {
namespace {

constexpr Text kMachinery[] = {
    "MSBuild",
    "VBCSCompiler",
    "csc",
    "vbc",
    "fsc",
    "vstest.console",
    "datacollector",
    "dotnet",
    "NuGet.CommandLine.XPlat",
    "NuGet.Build.Tasks.Console",
    "rzc",
};

// Options of the host that take a value, before the application's path (hostfxr, command_line.cpp).
constexpr Text kHostOptionsWithValue[] = {
    "--depsfile",   "--runtimeconfig", "--additionalprobingpath",           "--additional-deps",
    "--fx-version", "--roll-forward",  "--roll-forward-on-no-candidate-fx",
};

template <std::size_t N> bool isOneOf(Text text, const Text (&list)[N]) {
    for (const Text item : list) {
        if (equalsIgnoreCase(text, item)) {
            return true;
        }
    }
    return false;
}

Text nextArgument(Text& rest) {
    std::size_t length = 0;
    while (length < rest.size && rest[length] != '\0') {
        ++length;
    }
    const Text argument = rest.first(length);
    rest = rest.from(length + 1);
    return argument;
}

bool isAssembly(Text path) {
    return endsWithIgnoreCase(path, ".dll") || endsWithIgnoreCase(path, ".exe");
}

Text withoutExtension(Text name) {
    return isAssembly(name) ? name.first(name.size - 4) : name;
}

// What `dotnet` was told to run: the path of an assembly, or empty when it is the command line interface
// itself.
Text assemblyOfMuxer(Text rest) {
    while (!rest.empty()) {
        const Text argument = nextArgument(rest);
        if (equals(argument, "exec")) {
            continue;
        }
        if (isOneOf(argument, kHostOptionsWithValue)) {
            nextArgument(rest);
            continue;
        }
        return isAssembly(argument) ? argument : Text();
    }
    return {};
}

bool isMachinery(Text commandLine) {
    Text rest = commandLine;
    const Text program = fileName(nextArgument(rest));
    if (!equals(program, "dotnet")) {
        return isOneOf(withoutExtension(program), kMachinery);
    }
    const Text assembly = assemblyOfMuxer(rest);
    return assembly.empty() || isOneOf(withoutExtension(fileName(assembly)), kMachinery);
}

} // namespace

bool shouldDecline(Text commandLine, const PatternList& globs) {
    if (commandLine.empty()) {
        return false;
    }
    if (isMachinery(commandLine)) {
        return true;
    }
    if (globs.empty()) {
        return false;
    }
    char joined[4096];
    std::size_t size = commandLine.size;
    while (size > 0 && commandLine[size - 1] == '\0') {
        --size;
    }
    size = size < sizeof joined ? size : sizeof joined;
    for (std::size_t i = 0; i < size; ++i) {
        joined[i] = commandLine[i] == '\0' ? ' ' : commandLine[i];
    }
    return globs.matchesWholeText({joined, size});
}

} // namespace firstchance::agent
