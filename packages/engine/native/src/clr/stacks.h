#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief One frame of a managed stack.
struct ClrFrame {
    //! Managed: code of a method. Runtime: a frame the runtime pushed (a transition, a helper). Native:
    //! unmanaged code.
    enum class Kind { Managed, Native, Runtime };

    std::string
        method; //!< "Shop.Cart.Add(System.Int32)", as the runtime names it; "[InlinedCallFrame]" for Runtime
    std::string module; //!< "Shop.dll"
    std::string modulePath;
    std::uint32_t token =
        0; //!< metadata token of the method, 0x06......; 0 if there is none (dynamic methods)
    std::optional<std::uint32_t> ilOffset;
    Address ip;
    Address sp;
    Kind kind = Kind::Managed;
};

//! \brief A thread known to the runtime.
struct ClrThread {
    std::uint32_t osId = 0; //!< 0: it has no OS thread (not started, or dead)
    std::uint32_t managedId = 0;
    std::string name; //!< Thread.Name when set and readable, else comm
    //! "running": it was on a CPU or ready for one. "waiting": blocked in the kernel in Monitor, WaitHandle,
    //! Task, Sleep or Join. "blocked": blocked in the kernel elsewhere (a read, a native call). "unstarted",
    //! "dead", "unknown".
    std::string state;
    bool finalizer = false;
    bool gcThread = false; //!< the runtime's suspending thread, or a GC's own
    bool background = false;
    bool threadPool = false;
    Address lastThrownObject;       //!< exception in flight or last caught; null if none
    bool exceptionInFlight = false; //!< it is being thrown: no handler has finished with it
};

//! \brief Threads of the runtime, in its order.
[[nodiscard]] Result<std::vector<ClrThread>> readThreads(Dac& dac);

//! \brief The managed stack of a thread, newest frame first, at most \p limit frames.
[[nodiscard]] Result<std::vector<ClrFrame>> readStack(Dac& dac, std::uint32_t osId, std::size_t limit = 1000);

} // namespace firstchance
