#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "base/unique_fd.h"

namespace firstchance {

//! \brief JSON messages, one per line, over a stream socket between processes of ours.
class LineChannel {
public:
    explicit LineChannel(UniqueFd fd) : fd_(std::move(fd)) {}

    [[nodiscard]] int fd() const { return fd_.get(); }
    //! \brief Writes a whole message; false when the other side is gone.
    bool send(const nlohmann::json& message);
    //! \brief Takes in what has arrived. False at the end of the stream.
    bool fill();
    //! \brief The next whole message of those taken in.
    std::optional<nlohmann::json> next();
    //! \brief Waits for a message until \p timeout has passed; nothing then, and at the end of the stream
    //! (closed()).
    std::optional<nlohmann::json> receive(std::chrono::milliseconds timeout);
    [[nodiscard]] bool closed() const { return closed_; }
    //! \brief Nothing comes or goes any more: a send() of the other side that waits for room fails.
    void shutDown() const;

private:
    UniqueFd fd_;
    std::string buffer_;
    std::size_t searched_ = 0; //!< bytes known to hold no line end: long lines arrive in many pieces
    bool closed_ = false;
};

} // namespace firstchance
