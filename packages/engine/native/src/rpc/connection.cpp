#include "rpc/connection.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/json_text.h"

namespace firstchance {
namespace {

constexpr int kEngineError = -32000;
constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;

Json errorData(const Error& error) {
    return {{"code", errorCodeName(error.code)},
            {"what", error.what},
            {"why", error.why},
            {"cure", error.cure},
            {"errno", error.systemError}};
}

Error goneError() {
    return {ErrorCode::Internal, "Asking the client", "it has closed the connection", "", 0};
}

} // namespace

bool Connection::readAvailable() {
    std::array<char, 65536> chunk;
    const ssize_t got = ::read(inputFd_, chunk.data(), chunk.size());
    if (got < 0) {
        return errno == EINTR || errno == EAGAIN;
    }
    if (got == 0) {
        return false;
    }
    reader_.append(std::string_view(chunk.data(), static_cast<std::size_t>(got)));
    while (const auto body = reader_.next()) {
        const Json message = parseJson(*body);
        if (message.is_discarded()) {
            respondProtocolError(nullptr, kParseError, "The message is not JSON.");
        } else {
            handle(message);
        }
    }
    return !reader_.broken();
}

void Connection::handle(const Json& message) {
    if (!message.is_object()) {
        respondProtocolError(nullptr, kInvalidRequest, "A message is a JSON object.");
        return;
    }
    const auto method = message.find("method");
    const auto id = message.find("id");
    if (method == message.end() || !method->is_string()) {
        handleResponse(message);
        return;
    }
    const Json params = message.value("params", Json::object());
    if (id == message.end()) {
        handlers_.notification(method->get<std::string>(), params);
    } else {
        handlers_.request(*id, method->get<std::string>(), params);
    }
}

void Connection::handleResponse(const Json& message) {
    const auto id = message.find("id");
    if (id == message.end() || !id->is_number_integer()) {
        return;
    }
    const auto found = pending_.find(id->get<std::int64_t>());
    if (found == pending_.end()) {
        return;
    }
    const ResponseHandler handler = std::move(found->second);
    pending_.erase(found);
    if (const auto error = message.find("error"); error != message.end()) {
        std::string why = "an error";
        if (error->is_object() && error->contains("message") && (*error)["message"].is_string()) {
            why = (*error)["message"].get<std::string>();
        }
        handler(fail({ErrorCode::Internal, "Asking the session", why, "", 0}));
        return;
    }
    handler(message.value("result", Json()));
}

void Connection::respond(const RequestId& id, const Json& result) {
    send({{"jsonrpc", "2.0"}, {"id", id}, {"result", result}});
}

void Connection::respondError(const RequestId& id, const Error& error) {
    send({{"jsonrpc", "2.0"},
          {"id", id},
          {"error", {{"code", kEngineError}, {"message", describe(error)}, {"data", errorData(error)}}}});
}

void Connection::respondProtocolError(const RequestId& id, int code, const std::string& message) {
    send({{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", message}}}});
}

void Connection::notify(const std::string& method, const Json& params) {
    send({{"jsonrpc", "2.0"}, {"method", method}, {"params", params}});
}

void Connection::peerGone() {
    peerGone_ = true;
    // A handler may ask again, which fails without being kept.
    for (const auto& [id, handler] : std::exchange(pending_, {})) {
        handler(fail(goneError()));
    }
}

void Connection::request(const std::string& method, const Json& params, ResponseHandler handler) {
    if (peerGone_) {
        handler(fail(goneError()));
        return;
    }
    const std::int64_t id = nextId_++;
    pending_.emplace(id, std::move(handler));
    send({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}});
}

void Connection::send(const Json& message) {
    const std::string text = frame(jsonText(message));
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t wrote = ::write(outputFd_, text.data() + done, text.size() - done);
        if (wrote > 0) {
            done += static_cast<std::size_t>(wrote);
        } else if (wrote < 0 && errno == EAGAIN) {
            // A client that does not read must not make us lose half a frame.
            pollfd ready{outputFd_, POLLOUT, 0};
            ::poll(&ready, 1, -1);
        } else if (wrote < 0 && errno != EINTR) {
            return; // the client is gone; the read side will say so
        }
    }
}

} // namespace firstchance
