#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/process_image.h"
#include "base/result.h"
#include "capture/capture_request.h"
#include "capture/line_channel.h"

namespace firstchance {

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
