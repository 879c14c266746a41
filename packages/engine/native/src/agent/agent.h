#pragma once

#include <pthread.h>
#include <sys/types.h>

#include <atomic>

#include "agent/control_file.h"
#include "agent/engine_channel.h"
#include "agent/filter_holder.h"
#include "agent/running_tests.h"
#include "agent/stack_frames.h"
#include "agent/type_cache.h"

namespace firstchance::agent {

//! \brief The agent of this process. There is one and it stays: the library is never unloaded, callbacks may
//! come on any thread until the process ends.
struct Agent {
    void* profilerInfo = nullptr; //!< ICorProfilerInfo12
    pid_t pid = 0;                //!< a fork of the target must not speak for it
    bool attached = false;
    std::atomic<ControlLayout*> control{nullptr}; //!< a later session attaches with a file of its own
    FilterHolder filter;
    TypeCache types;
    StackReader stacks;
    RunningTests tests;
    std::atomic<std::uint64_t> askSequence{1};
    //! Generation of the filter under which the engine did not answer in time: no more asks until it changes.
    std::atomic<std::uint32_t> silentGeneration{1}; // odd: never a finished one
    std::atomic<bool> engineGone{false};
    std::atomic<bool> shutDown{false};

    //! \brief What is armed now; 0 without an engine.
    [[nodiscard]] std::uint32_t mode() const {
        const ControlLayout* layout = control.load(std::memory_order_acquire);
        return layout == nullptr || engineGone.load(std::memory_order_relaxed)
                   ? 0
                   : layout->mode.load(std::memory_order_relaxed);
    }
};

//! \brief Constant-initialised: nothing runs when the library is loaded.
extern constinit Agent g_agent; // NOLINT(bugprone-dynamic-static-initializers): constinit

} // namespace firstchance::agent
