#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "clr/dac.h"

namespace firstchance {

//! \brief An object reference in a register or on the stack of a managed thread.
struct StackReference {
    Address object;
    Address source; //!< instruction pointer of the frame that holds it, or a frame of the runtime itself
    bool sourceIsCode = false;
    bool interior = false; //!< \c object may point into the object
};

//! \brief The references of one thread.
struct ThreadReferences {
    std::uint32_t osId = 0;
    std::uint32_t managedId = 0;
    bool complete = false; //!< false: the debugging library died of this thread, or time was up
    std::vector<StackReference> references;
};

//! \brief The object references of every managed stack; threads without an OS thread are left out.
//!
//! Done in forked children: the DAC of .NET 10 dereferences a target address as its own when a thread runs an
//! exception filter, and dies. That costs the references of this one thread, not the capture. The pages read
//! are recorded in Dac::touchedPages().
//! \param only the OS number of the one thread that is asked for
[[nodiscard]] std::vector<ThreadReferences> readStackReferences(Dac& dac,
                                                                std::chrono::steady_clock::time_point end,
                                                                std::optional<std::uint32_t> only = {});

//! \brief The objects that the managed stack of one thread refers to: arguments, locals, `this`, newest frame
//! first, each once. References into the middle of an object are left out. Empty at \p end, and where the
//! debugging library dies of the thread.
[[nodiscard]] std::vector<Address> stackObjects(Dac& dac, std::uint32_t threadId,
                                                std::chrono::steady_clock::time_point end);

} // namespace firstchance
