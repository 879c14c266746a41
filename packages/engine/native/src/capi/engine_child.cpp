#include "capi/engine_child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "capture/child_process.h"
#include "rpc/install_paths.h"

namespace firstchance {
namespace {

using namespace std::chrono_literals;

//! \brief How long the engine may take to let its targets go and remove partial files.
constexpr std::chrono::milliseconds kEndLimit = 20s;

pid_t waitFor(pid_t pid, int* status) {
    pid_t result = 0;
    do {
        result = ::waitpid(pid, status, 0);
    } while (result < 0 && errno == EINTR);
    return result;
}

//! \brief True when the process has ended within \p limit, or when nobody can tell (a kernel without
//! pidfd_open(2)).
bool endsWithin(pid_t pid, std::chrono::milliseconds limit) {
    const UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!handle.valid()) {
        return true;
    }
    const auto until = std::chrono::steady_clock::now() + limit;
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        pollfd ended{handle.get(), POLLIN, 0};
        const int ready = ::poll(&ended, 1, static_cast<int>(std::max(left, 0ms).count()));
        if (ready > 0 || (ready < 0 && errno != EINTR)) {
            return true;
        }
        if (left <= 0ms) {
            return false;
        }
    }
}

} // namespace

Result<EngineChild> EngineChild::start() {
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) {
        return failSystem(ErrorCode::Internal, "Opening a channel to the engine", errno);
    }
    UniqueFd ours(pair[0]);
    const UniqueFd theirs(pair[1]);
    std::string path =
        (std::filesystem::path(agentLibraryPath()).parent_path() / "firstchance-engine").string();
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, theirs.get(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, theirs.get(), STDOUT_FILENO);
    // In a session of its own: signals to the program's whole group are the program's to judge.
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    std::array<char*, 2> arguments = {path.data(), nullptr};
    pid_t pid = 0;
    const int error = ::posix_spawn(&pid, path.c_str(), &actions, &attributes, arguments.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        return failSystem(ErrorCode::Internal, "Starting the engine " + path, error,
                          "Install the engine's files side by side.");
    }
    return EngineChild(pid, std::move(ours));
}

bool EngineChild::send(std::string_view bytes) {
    while (!bytes.empty()) {
        // MSG_NOSIGNAL: the program we are loaded into must not get a SIGPIPE of ours.
        const ssize_t wrote = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (wrote > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(wrote));
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

bool EngineChild::receive(FrameReader& reader, std::chrono::milliseconds limit) {
    pollfd ready{socket_.get(), POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(limit.count())) <= 0) {
        return !reader.broken(); // nothing more may ever come from an engine that speaks nonsense
    }
    std::array<char, 65536> chunk;
    const ssize_t got = ::recv(socket_.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (got > 0) {
        reader.append(std::string_view(chunk.data(), static_cast<std::size_t>(got)));
    }
    return (got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN))) && !reader.broken();
}

std::string EngineChild::end() {
    if (pid_ == 0) {
        return "";
    }
    socket_.reset(); // the end of its input ends it
    for (const int signal : {SIGTERM, SIGKILL}) {
        if (endsWithin(pid_, kEndLimit)) {
            break;
        }
        ::kill(pid_, signal);
    }
    int status = 0;
    const pid_t reaped = waitFor(std::exchange(pid_, 0), &status);
    // A program that ignores SIGCHLD has its children reaped by the kernel: then nobody knows.
    return reaped > 0 ? describeWaitStatus(status) : "a status that nobody knows";
}

} // namespace firstchance
