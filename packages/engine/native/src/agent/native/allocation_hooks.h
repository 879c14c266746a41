#pragma once

#include <cstddef>

namespace firstchance::agent {

//! \brief A function of the C or C++ library and what stands in for it: it does the same and tells
//! g_recorder. What stands in may be called at any time, also when nothing is recorded.
struct Hook {
    const char* name;
    void* original;
    void* replacement;
};

//! \brief Those that the target has; the table is filled on the first call. \p count receives their number.
//! On the agent's thread only.
[[nodiscard]] const Hook* allocationHooks(std::size_t& count);

} // namespace firstchance::agent
