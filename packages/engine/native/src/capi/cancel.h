#pragma once

#include <atomic>

//! \brief Behind the opaque fc_cancel of firstchance.h.
struct fc_cancel {
    std::atomic<bool> requested{false};
};
