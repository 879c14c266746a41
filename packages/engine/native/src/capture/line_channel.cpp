#include "capture/line_channel.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "base/json_text.h"

namespace firstchance {

using Json = nlohmann::json;

bool LineChannel::send(const Json& message) {
    const std::string text = jsonText(message) + "\n";
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t wrote = ::send(fd_.get(), text.data() + done, text.size() - done, MSG_NOSIGNAL);
        if (wrote > 0) {
            done += static_cast<std::size_t>(wrote);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

void LineChannel::shutDown() const {
    ::shutdown(fd_.get(), SHUT_RDWR);
}

bool LineChannel::fill() {
    std::array<char, 65536> chunk;
    const ssize_t got = ::recv(fd_.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (got > 0) {
        buffer_.append(chunk.data(), static_cast<std::size_t>(got));
        return true;
    }
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) {
        return true;
    }
    closed_ = true;
    return false;
}

std::optional<Json> LineChannel::next() {
    const auto end = buffer_.find('\n', searched_);
    if (end == std::string::npos) {
        searched_ = buffer_.size();
        return std::nullopt;
    }
    Json message = parseJson(std::string_view(buffer_).substr(0, end));
    buffer_.erase(0, end + 1);
    searched_ = 0;
    return message;
}

std::optional<Json> LineChannel::receive(std::chrono::milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (;;) {
        if (auto message = next()) {
            return message;
        }
        if (closed_) {
            return std::nullopt;
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) {
            return std::nullopt;
        }
        pollfd ready{fd_.get(), POLLIN, 0};
        const int count = ::poll(&ready, 1, static_cast<int>(left.count()));
        if (count < 0) {
            return std::nullopt; // EINTR: a signal asks to look around (cancellation); the caller calls again
        }
        if (count > 0) {
            fill();
        }
    }
}

} // namespace firstchance
