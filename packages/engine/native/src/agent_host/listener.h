#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace firstchance {

//! \brief A connection whose other end is a process of our user, as the kernel says.
struct PeerConnection {
    UniqueFd fd;
    pid_t pid = 0;
};

//! \brief The socket the agents connect to: AF_UNIX, SOCK_SEQPACKET, mode 0600. Removed at the end.
class Listener {
public:
    //! \brief A stale socket of the same path is replaced; a file of another kind is not.
    [[nodiscard]] static Result<std::unique_ptr<Listener>> open(const std::string& path);
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener();

    [[nodiscard]] int fd() const { return fd_.get(); }
    //! \brief The next waiting connection; invalid when there is none. Processes of other users are turned
    //! away.
    [[nodiscard]] PeerConnection accept() const;

private:
    Listener(UniqueFd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

    UniqueFd fd_;
    std::string path_;
};

} // namespace firstchance
