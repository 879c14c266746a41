#include "agent_host/listener.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

namespace firstchance {
namespace {

Result<sockaddr_un> makeAddress(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.front() != '/' || path.size() >= sizeof address.sun_path) {
        return fail(
            {ErrorCode::InvalidArgument, "Listening for agents on " + path,
             path.size() >= sizeof address.sun_path
                 ? "a socket's path has at most 107 bytes, this one has " + std::to_string(path.size())
                 : std::string("the path is not absolute"),
             "Give the session a folder with a shorter path, e.g. by setting TMPDIR", 0});
    }
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

bool removeStale(const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
        return errno == ENOENT;
    }
    return S_ISSOCK(status.st_mode) && ::unlink(path.c_str()) == 0;
}

} // namespace

Result<std::unique_ptr<Listener>> Listener::open(const std::string& path) {
    const auto address = makeAddress(path);
    if (!address) {
        return fail(address.error());
    }
    const std::string what = "Listening for agents on " + path;
    if (!removeStale(path)) {
        return fail({ErrorCode::OutputNotWritable, what, "something else is in the way", "Remove it", 0});
    }
    UniqueFd fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd.valid()) {
        return failSystem(ErrorCode::Internal, what, errno);
    }
    // The mode is set before the name exists: bind() gives the file the socket's own.
    constexpr int kBacklog = 128;
    if (::fchmod(fd.get(), S_IRUSR | S_IWUSR) != 0 ||
        ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
        return failSystem(ErrorCode::OutputNotWritable, what, errno,
                          "Check that the folder exists and may be written to");
    }
    std::unique_ptr<Listener> listener(new Listener(std::move(fd), path));
    if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0 || ::listen(listener->fd(), kBacklog) != 0) {
        return failSystem(ErrorCode::OutputNotWritable, what, errno);
    }
    return listener;
}

Listener::~Listener() {
    ::unlink(path_.c_str());
}

PeerConnection Listener::accept() const {
    while (true) {
        UniqueFd fd(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!fd.valid()) {
            if (errno == EINTR || errno == ECONNABORTED) {
                continue;
            }
            return {};
        }
        ucred peer{};
        socklen_t size = sizeof peer;
        if (::getsockopt(fd.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid() &&
            peer.pid > 0) {
            return {std::move(fd), peer.pid};
        }
    }
}

} // namespace firstchance
