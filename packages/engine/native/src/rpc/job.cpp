#include "rpc/job.h"

#include <algorithm>

namespace firstchance {

void JobTable::pump(Job* job) {
    LineChannel& channel = job->process->channel();
    channel.fill();
    bool finished = false;
    while (!finished) {
        const auto message = channel.next();
        if (!message) {
            break;
        }
        finished = message->is_object() && job->onMessage(*message);
    }
    if (!finished && channel.closed()) {
        job->onDeath(describeWaitStatus(job->process->wait()));
        finished = true;
    }
    if (finished) {
        const auto found =
            std::find_if(jobs_.begin(), jobs_.end(), [&](const auto& one) { return one.get() == job; });
        if (found != jobs_.end()) {
            // Its last message was its last act: the wait for its end is short.
            (*found)->process->wait();
            jobs_.erase(found);
        }
    }
}

bool JobTable::cancel(const nlohmann::json& requestId) {
    bool any = false;
    for (const auto& job : jobs_) {
        if (!requestId.is_null() && job->requestId == requestId) {
            job->process->terminate();
            any = true;
        }
    }
    return any;
}

void JobTable::cancelAll() {
    for (const auto& job : jobs_) {
        job->process->terminate();
    }
}

} // namespace firstchance
