#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "rpc/framing.h"

namespace firstchance {

using Json = nlohmann::json;

//! \brief Identifies a request of the client until it is answered. JSON-RPC ids are numbers or strings.
using RequestId = Json;

//! \brief One JSON-RPC 2.0 peer on a pair of descriptors. Single-threaded: the owner's poll loop calls it.
//!
//! Handlers never answer by returning: a request may take minutes, so it is answered by id, once, when done.
class Connection {
public:
    struct Handlers {
        std::function<void(const RequestId&, const std::string& method, const Json& params)> request;
        std::function<void(const std::string& method, const Json& params)> notification;
    };
    using ResponseHandler = std::function<void(Result<Json>)>;

    Connection(int inputFd, int outputFd, Handlers handlers)
        : inputFd_(inputFd), outputFd_(outputFd), handlers_(std::move(handlers)) {}

    //! \brief Reads what is there and calls the handlers. Returns false when the peer is gone or not
    //! understood.
    bool readAvailable();

    void respond(const RequestId& id, const Json& result);
    void respondError(const RequestId& id, const Error& error);
    //! \brief JSON-RPC's own errors: -32601 unknown method, -32602 wrong parameters.
    void respondProtocolError(const RequestId& id, int code, const std::string& message);
    void notify(const std::string& method, const Json& params);
    void request(const std::string& method, const Json& params, ResponseHandler handler);

    //! \brief The peer will answer nothing more: what it was asked, and what it will be asked, fails at once.
    void peerGone();

private:
    void handle(const Json& message);
    void handleResponse(const Json& message);
    void send(const Json& message);

    int inputFd_;
    int outputFd_;
    Handlers handlers_;
    FrameReader reader_;
    std::int64_t nextId_ = 1;
    std::map<std::int64_t, ResponseHandler> pending_;
    bool peerGone_ = false;
};

} // namespace firstchance
