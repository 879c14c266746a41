#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/unique_fd.h"
#include "rpc/framing.h"

namespace firstchance {

//! \brief The engine executable with one socket as its standard input and output.
class EngineChild {
public:
    EngineChild(const EngineChild&) = delete;
    EngineChild& operator=(const EngineChild&) = delete;
    EngineChild(EngineChild&& other) noexcept
        : pid_(std::exchange(other.pid_, 0)), socket_(std::move(other.socket_)) {}
    EngineChild& operator=(EngineChild&&) = delete;
    //! \brief Ends it in order; the process never outlives its owner.
    ~EngineChild() { end(); }

    //! \brief Starts the executable that lies beside this library.
    static Result<EngineChild> start();

    //! \brief Writes all of it; false when the engine is gone.
    [[nodiscard]] bool send(std::string_view bytes);
    //! \brief Takes in what comes within \p limit; false when the engine is gone or not understood.
    [[nodiscard]] bool receive(FrameReader& reader, std::chrono::milliseconds limit);

    //! \brief Closes its input, which ends it; asks it to stop when that takes long, kills it when that does
    //! too. Returns how it ended, as describeWaitStatus() says it.
    std::string end();

private:
    EngineChild(pid_t pid, UniqueFd socket) : pid_(pid), socket_(std::move(socket)) {}

    pid_t pid_;
    UniqueFd socket_;
};

} // namespace firstchance
