#include "capi/engine_call.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "base/unique_fd.h"
#include "capture/capture_request.h"
#include "capture/child_process.h"
#include "rpc/framing.h"
#include "rpc/install_paths.h"

namespace firstchance {
namespace {

using Json = nlohmann::json;
constexpr int kRequestId = 1;
constexpr int kPollMs = 100;

//! \brief The engine executable with one socket as its standard input and output.
class EngineChild {
public:
    EngineChild(const EngineChild&) = delete;
    EngineChild& operator=(const EngineChild&) = delete;
    EngineChild(EngineChild&& other) noexcept
        : pid_(std::exchange(other.pid_, 0)), socket_(std::move(other.socket_)) {}
    EngineChild& operator=(EngineChild&&) = delete;
    ~EngineChild() { wait(); }

    static Result<EngineChild> start() {
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
        std::array<char*, 2> arguments = {path.data(), nullptr};
        pid_t pid = 0;
        const int error = ::posix_spawn(&pid, path.c_str(), &actions, nullptr, arguments.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        if (error != 0) {
            return failSystem(ErrorCode::Internal, "Starting the engine " + path, error);
        }
        return EngineChild(pid, std::move(ours));
    }

    bool send(const Json& message) {
        const std::string text = frame(message.dump(-1, ' ', false, Json::error_handler_t::replace));
        std::size_t done = 0;
        while (done < text.size()) {
            const ssize_t wrote = ::send(socket_.get(), text.data() + done, text.size() - done, MSG_NOSIGNAL);
            if (wrote > 0) {
                done += static_cast<std::size_t>(wrote);
            } else if (errno != EINTR) {
                return false;
            }
        }
        return true;
    }

    //! \brief Takes in what comes within the poll interval; false when the engine is gone.
    bool receive(FrameReader& reader) {
        pollfd ready{socket_.get(), POLLIN, 0};
        if (::poll(&ready, 1, kPollMs) <= 0) {
            return true;
        }
        std::array<char, 65536> chunk;
        const ssize_t got = ::recv(socket_.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
        if (got > 0) {
            reader.append(std::string_view(chunk.data(), static_cast<std::size_t>(got)));
        }
        return (got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN))) && !reader.broken();
    }

    std::string wait() {
        if (pid_ == 0) {
            return "";
        }
        socket_.reset(); // the end of its input ends it
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = 0;
        return describeWaitStatus(status);
    }

private:
    EngineChild(pid_t pid, UniqueFd socket) : pid_(pid), socket_(std::move(socket)) {}

    pid_t pid_;
    UniqueFd socket_;
};

Error responseError(const Json& error) {
    if (error.contains("data") && error["data"].is_object()) {
        return errorFromJson(error["data"]);
    }
    return {ErrorCode::InvalidArgument, "Asking the engine", error.value("message", "an error"), "", 0};
}

} // namespace

Result<Json> callEngine(const std::string& method, Json params,
                        const std::function<void(const Json&)>& progress,
                        const std::atomic<bool>* cancelled) {
    auto engine = EngineChild::start();
    if (!engine) {
        return fail(engine.error());
    }
    if (progress) {
        params["progressToken"] = kRequestId;
    }
    bool alive =
        engine->send({{"jsonrpc", "2.0"}, {"id", kRequestId}, {"method", method}, {"params", params}});
    bool asked = false;
    FrameReader reader;
    while (alive) {
        alive = engine->receive(reader);
        while (const auto body = reader.next()) {
            const Json message = Json::parse(*body, nullptr, false);
            if (!message.is_object()) {
                continue;
            }
            if (message.value("method", "") == "$/progress" && progress) {
                progress(message["params"]["value"]);
            } else if (message.contains("result")) {
                return message["result"];
            } else if (message.contains("error")) {
                return fail(responseError(message["error"]));
            }
        }
        if (!asked && cancelled != nullptr && *cancelled) {
            asked = true;
            engine->send(
                {{"jsonrpc", "2.0"}, {"method", "$/cancelRequest"}, {"params", {{"id", kRequestId}}}});
        }
    }
    return fail(
        {ErrorCode::Internal, "Asking the engine for " + method, "it ended with " + engine->wait(), "", 0});
}

} // namespace firstchance
