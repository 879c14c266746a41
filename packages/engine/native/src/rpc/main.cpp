#include <unistd.h>

#include <cstdio>
#include <string_view>

#include "rpc/engine_server.h"
#include "rpc/methods.h"

namespace {

constexpr const char* kHelp =
    R"(firstchance-engine: takes snapshots and small dumps of .NET processes for firstchance.

It is started by firstchance and speaks JSON-RPC 2.0 on stdin and stdout, framed by Content-Length headers
(docs/engine-rpc.md). It ends when stdin ends.

  --version   print the version
  --help      print this
)";

} // namespace

int main(int argc, char** argv) {
    const std::string_view option = argc > 1 ? argv[1] : "";
    if (option == "--version") {
        std::puts(firstchance::engineVersion());
        return 0;
    }
    if (option == "--help" || option == "-h") {
        std::fputs(kHelp, stdout);
        return 0;
    }
    if (!option.empty()) {
        std::fprintf(stderr, "firstchance-engine: unknown option '%s'. Try --help.\n", argv[1]);
        return 64;
    }
    if (::isatty(STDIN_FILENO) != 0) {
        std::fputs(kHelp, stderr);
        return 64;
    }
    return firstchance::EngineServer(STDIN_FILENO, STDOUT_FILENO).run();
}
