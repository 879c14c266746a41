#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "capture/capture_request.h"
#include "snapshot/snapshot.h"

namespace firstchance {

//! \brief A snapshot and how it was come by.
struct LadderResult {
    std::unique_ptr<FrozenProcess> process;
    std::vector<std::string> notes; //!< why better methods were not used
};

//! \brief Takes a snapshot by the best method that works here: clone, copy in the pause, stop. The runtime's
//! own createdump, the last rung, is the caller's: it needs no snapshot.
//!
//! A failure that no other method can cure (no such process, tracing refused, cancelled) is returned at once.
[[nodiscard]] Result<LadderResult> climbLadder(const SnapshotRequest& request, const SnapshotOptions& base);

} // namespace firstchance
