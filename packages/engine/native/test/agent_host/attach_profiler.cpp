#include "attach_profiler.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "agent/clsid.h"

namespace firstchance::test {
namespace {

std::string findSocket(const std::filesystem::path& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().filename().string().starts_with("dotnet-diagnostic-")) {
            return entry.path().string();
        }
    }
    throw std::runtime_error("no diagnostics socket");
}

template <class T> void put(std::string& out, T value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void putString(std::string& out, const std::string& ascii) {
    put(out, static_cast<std::uint32_t>(ascii.size() + 1));
    for (std::size_t i = 0; i <= ascii.size(); ++i) {
        put(out, static_cast<std::uint16_t>(static_cast<unsigned char>(ascii.c_str()[i])));
    }
}

} // namespace

AttachRequest::AttachRequest(const std::filesystem::path& temporaryFolder, const std::string& library,
                             const std::vector<std::byte>& clientData) {
    std::string payload;
    put(payload, std::uint32_t{5000});
    put(payload, agent::kAgentClassId);
    putString(payload, library);
    put(payload, static_cast<std::uint32_t>(clientData.size()));
    payload.append(reinterpret_cast<const char*>(clientData.data()), clientData.size());
    std::string message("DOTNET_IPC_V1\0", 14);
    put(message, static_cast<std::uint16_t>(20 + payload.size()));
    put(message, std::uint8_t{3});
    put(message, std::uint8_t{1});
    put(message, std::uint16_t{0});
    message += payload;

    const std::string path = findSocket(temporaryFolder);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    fd_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::send(fd_.get(), message.data(), message.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(message.size())) {
        throw std::runtime_error("the diagnostics socket takes nothing");
    }
    ::fcntl(fd_.get(), F_SETFL, O_NONBLOCK);
}

bool AttachRequest::poll() {
    char buffer[64];
    ssize_t size = 0;
    while ((size = ::read(fd_.get(), buffer, sizeof buffer)) > 0) {
        answer_.append(buffer, static_cast<std::size_t>(size));
    }
    closed_ = closed_ || size == 0;
    return closed_ || answer_.size() >= 24;
}

std::uint32_t AttachRequest::result() const {
    std::uint32_t value = 0xFFFFFFFF;
    if (answer_.size() >= 24) {
        std::memcpy(&value, answer_.data() + 20, sizeof value);
    }
    return value;
}

} // namespace firstchance::test
