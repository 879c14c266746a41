#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/process_image.h"
#include "base/result.h"
#include "capture/capture_request.h"
#include "capture/child_process.h"
#include "capture/line_channel.h"

namespace firstchance {

//! \brief How a worker ended.
struct WorkerEnd {
    bool finished = false; //!< it said its last message, or was cancelled
    std::string death;     //!< else: how it died
};

//! \brief Runs \p body in a process of its own until \p onMessage says that a message was the last one; kills
//! it when it says nothing for longer than \p silenceLimit.
[[nodiscard]] Result<WorkerEnd> runWorkerProcess(const ChildProcess::Body& body,
                                                 const std::function<bool(const nlohmann::json&)>& onMessage,
                                                 const std::function<std::chrono::seconds()>& silenceLimit);

//! \brief What the workers of one capture brought back.
struct WorkerOutcome {
    nlohmann::json facts = nlohmann::json::object();
    nlohmann::json dump; //!< {kind, file, bytes, rawBytes, leftOut} or null
    std::vector<std::string> notes;
    std::optional<Error> error;
    double inspectMs = 0;
    double writeMs = 0;
};

//! \brief Runs a worker over the frozen copy, forwards its progress, and when the DAC takes it down or holds
//! it too long runs a second one that does without the DAC: what was frozen is not lost.
[[nodiscard]] WorkerOutcome superviseWorker(const ProcessImage& image, const CaptureRequest& request,
                                            LineChannel& engine);

} // namespace firstchance
