#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/decline.h"

namespace firstchance::agent {
namespace {

bool declines(const std::vector<std::string>& arguments, const std::vector<std::string>& globs = {}) {
    std::string commandLine;
    for (const auto& argument : arguments) {
        commandLine += argument + '\0';
    }
    std::string patterns;
    for (const auto& glob : globs) {
        patterns += glob + '\0';
    }
    return shouldDecline({commandLine.data(), commandLine.size()},
                         {patterns.c_str(), static_cast<std::uint32_t>(globs.size())});
}

TEST(Decline, BuildMachinery) {
    const std::vector<std::vector<std::string>> cases = {
        {"dotnet"},
        {"dotnet", "test"},
        {"dotnet", "build", "app.dll"},
        {"/usr/bin/dotnet", "run", "--project", "x"},
        {"dotnet", "--info"},
        {"dotnet", "vstest", "tests.dll"},
        {"dotnet", "watch", "test"},
        {"dotnet", "app.cs"},
        {"dotnet", "exec"},
        {"dotnet", "/usr/share/dotnet/sdk/10.0.100/MSBuild.dll", "/nodemode:1"},
        {"/usr/share/dotnet/dotnet", "exec", "/usr/share/dotnet/sdk/10.0.100/Roslyn/bincore/VBCSCompiler.dll",
         "-pipename:x"},
        {"/usr/share/dotnet/sdk/10.0.100/Roslyn/bincore/VBCSCompiler", "-pipename:x"},
        {"dotnet", "exec", "--depsfile", "a.json", "csc.dll", "@x.rsp"},
        {"dotnet", "/sdk/vstest.console.dll", "tests.dll"},
        {"dotnet", "exec", "/sdk/vstest.console.dll", "--artifactsProcessingMode-postprocess"},
        {"dotnet", "/pkg/datacollector.dll", "--port", "1"},
        {"/sdk/10/dotnet.dll"},
        {"dotnet", "exec", "--runtimeconfig", "x.json", "--depsfile", "y.json", "/sdk/FSharp/fsc.dll"},
    };
    for (const auto& arguments : cases) {
        EXPECT_TRUE(declines(arguments)) << arguments.back();
    }
}

TEST(Decline, TargetsAreWatched) {
    const std::vector<std::vector<std::string>> cases = {
        {"dotnet", "app.dll"},
        {"dotnet", "App.DLL", "test"},
        {"/usr/bin/dotnet", "exec", "app.dll", "build"},
        {"dotnet", "exec", "--runtimeconfig", "t.runtimeconfig.json", "--depsfile", "t.deps.json",
         "/home/u/.nuget/packages/microsoft.testplatform.testhost/18.0.1/testhost.dll", "--port", "1"},
        {"dotnet", "--roll-forward", "Major", "app.dll"},
        {"dotnet", "--fx-version", "10.0.0", "exec", "app.dll"},
        {"/repo/bin/Debug/net10.0/tests", "--server", "dotnettestcli", "--dotnet-test-pipe", "x"},
        {"./app"},
        {"/opt/shop/Shop.Web"},
        {"/opt/MSBuildExtensions/app", "MSBuild"},
        {"dotnet-ef", "migrations"},
        {"testhost", "--port", "1"},
        {"/app/testhost.dll"},
        {},
    };
    for (const auto& arguments : cases) {
        EXPECT_FALSE(declines(arguments)) << (arguments.empty() ? "nothing" : arguments.back());
    }
}

TEST(Decline, Globs) {
    EXPECT_TRUE(declines({"dotnet", "worker.dll", "--id", "7"}, {"*WORKER.dll*"}));
    EXPECT_TRUE(declines({"dotnet", "worker.dll", "--id", "7"}, {"nothing", "dotnet worker.dll --id ?"}));
    EXPECT_FALSE(declines({"dotnet", "worker.dll", "--id", "7"}, {"worker.dll"}));
    EXPECT_FALSE(declines({"dotnet", "app.dll"}, {"*worker*"}));
    EXPECT_FALSE(declines({"/app/run", std::string(10000, 'x')}, {"*y"}));
}

} // namespace
} // namespace firstchance::agent
