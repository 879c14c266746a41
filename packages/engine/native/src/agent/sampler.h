#pragma once

#include <pthread.h>

#include <atomic>
#include <cstdint>

#include "agent/allocation_event.h"
#include "agent/clr_api.h"
#include "agent/sample_table.h"

namespace firstchance::agent {

struct Agent;

//! \brief Which allocations survive: a weak handle and the stack of each allocation that the runtime picks.
//!
//! The runtime tells of an allocation on the thread that does it, in the middle of the helper that makes the
//! object: the object has no type yet and nobody protects it. So its weak handle is made first, and nothing
//! is called that might let a collection in (DoStackSnapshot, GetFunctionInfo and CreateHandle do not).
class AllocationSampler {
public:
    //! \brief Before the events are asked for. kFail while it samples already, kNoInterface on .NET 7 and
    //! older.
    [[nodiscard]] HResult begin(void* profilerInfo);
    //! \brief No more samples, after the events have ended; they are kept. False when a thread did not leave
    //! in time, which keeps the memory for ever.
    bool close();
    //! \brief After close(): counts the survivors of each site.
    //! \returns samples that have survived
    std::uint32_t countSurvivors();
    //! \brief Whether the object is there. What it is can be asked for while namingMutex() is held: its
    //! type's module is not unloaded meanwhile.
    [[nodiscard]] bool isAlive(const AllocationSample& sample) const;
    //! \brief After close(): gives handles and memory back.
    void end();

    [[nodiscard]] bool running() const { return kept_ != nullptr; }
    [[nodiscard]] SampleTable* samples() const { return kept_; }

    //! \brief One event, on the thread that allocates.
    void onEvent(const AllocationEvent& event);
    //! \brief The module's addresses say nothing from now on.
    void forgetModule(ModuleId module);
    //! \brief Held while modules are asked for names: none is unloaded meanwhile.
    [[nodiscard]] pthread_mutex_t& namingMutex() { return naming_; }

private:
    void keep(SampleTable* table);
    void record(SampleTable& table, const AllocationEvent& event);
    AllocationSite* siteOf(SampleTable& table, const AllocationEvent& event);

    void* info_ = nullptr;        //!< ICorProfilerInfo13
    SampleTable* kept_ = nullptr; //!< changed by the agent's thread, under naming_
    std::atomic<SampleTable*> open_{nullptr};
    std::atomic<std::uint32_t> inside_{0}; //!< threads in onEvent()
    pthread_mutex_t naming_ = PTHREAD_MUTEX_INITIALIZER;
};

extern constinit AllocationSampler g_sampler; // NOLINT(bugprone-dynamic-static-initializers): constinit

//! \brief Starts an EventPipe session on the runtime's picks of allocations. 0 on failure.
[[nodiscard]] std::uint64_t startAllocationSession(void* profilerInfo);

//! \brief True when the event told of an allocation.
bool onAllocationEvent(Agent& agent, std::uintptr_t provider, std::uint32_t eventId,
                       const unsigned char* data, std::uint32_t bytes);

} // namespace firstchance::agent
