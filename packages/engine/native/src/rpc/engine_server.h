#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "rpc/agent_captures.h"
#include "rpc/connection.h"
#include "rpc/job.h"
#include "rpc/type_memory.h"

namespace firstchance {

//! \brief The engine: one client on stdin and stdout, forked workers for everything that takes time, the
//! agents' socket.
//!
//! Single-threaded: one poll loop, so that a fork copies nothing but this state.
class EngineServer {
public:
    EngineServer(int inputFd, int outputFd);

    //! \brief Serves until the client is gone and the work under way is done. Returns the exit code.
    int run();

private:
    void onRequest(const RequestId& id, const std::string& method, const Json& params);
    void onNotification(const std::string& method, const Json& params);
    void dispatch(const RequestId& id, const std::string& method, const Json& params);
    void startCapture(const RequestId& id, const Json& params);
    void startCensus(const RequestId& id, const Json& params);
    //! \brief Runs work that freezes a process, in a process of its own.
    //! \param onOther takes messages that are neither progress nor the end; may be empty
    void startFreezing(const RequestId& id, const Json& params, pid_t pid, const ChildProcess::Body& body,
                       std::function<void(const Json&)> onOther = {});
    void startWorker(const RequestId& id, const Json& params,
                     std::function<Result<Json>(const std::function<void(const Json&)>&)> work);
    //! \brief Runs \p body in a process of its own, whose messages are progress, the result or an error.
    //! \param died the error when it ends without either
    //! \param onOther takes other messages; may be empty
    void startJob(const RequestId& id, const Json& params, const ChildProcess::Body& body,
                  std::function<Error(const std::string& death)> died,
                  std::function<void(const Json&)> onOther = {});
    void answer(const RequestId& id, const Result<Json>& result);
    void sendProgress(const Json& params, const Json& value);
    void pollOnce();
    void onSignal();

    Connection connection_;
    JobTable jobs_;
    AgentCaptures agents_;
    TypeMemory types_;
    int inputFd_;
    UniqueFd signals_;
    bool clientGone_ = false;
};

} // namespace firstchance
