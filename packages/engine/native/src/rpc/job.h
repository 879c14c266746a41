#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "capture/child_process.h"

namespace firstchance {

//! \brief Work that runs in a forked process beside the server's loop, and what to do with its messages.
struct Job {
    std::unique_ptr<ChildProcess> process;
    nlohmann::json requestId; //!< of the client's request that it answers; null for an agent's capture
    std::string name;         //!< captureToken of an agent's capture
    //! \brief Handles one message; true when it was the last one.
    std::function<bool(const nlohmann::json&)> onMessage;
    //! \brief The process ended without a last message.
    std::function<void(const std::string& death)> onDeath;
};

//! \brief The jobs under way.
class JobTable {
public:
    //! \brief Takes in what the job's process has written; drops the job when it is finished.
    void pump(Job* job);
    void add(std::unique_ptr<Job> job) { jobs_.push_back(std::move(job)); }
    //! \brief Asks the process of a request to stop; the job answers the request itself. False: no such
    //! request.
    bool cancel(const nlohmann::json& requestId);
    void cancelAll();
    [[nodiscard]] const std::vector<std::unique_ptr<Job>>& all() const { return jobs_; }
    [[nodiscard]] bool empty() const { return jobs_.empty(); }

private:
    std::vector<std::unique_ptr<Job>> jobs_;
};

} // namespace firstchance
