#pragma once

#include "agent/agent.h"
#include "agent/deadline.h"

namespace firstchance::agent {

//! \brief What the runtime's own events tell of a collection's finalizers.
//!
//! A GC tells how many dead objects it has put before the finalizer thread, and how many bytes it has kept
//! alive for those that waited there already; the finalizer thread tells when it has found nothing more to
//! do. Not seen: one finalizer that has been running since before the first watch.
class FinalizerWatch {
public:
    //! \brief Forgets what earlier collections told; before a collection.
    void begin();
    //! \brief After a collection: waits until the finalizer thread has done what there was. False when \p
    //! deadline came first.
    [[nodiscard]] bool await(const Deadline& deadline);
    //! \brief How many objects have become due for finalization since begin().
    [[nodiscard]] std::uint64_t promoted();

    //! \brief One event of the runtime's provider. Called on any thread, also while a GC has suspended
    //! others.
    void onEvent(std::uint32_t eventId, const unsigned char* data, std::uint32_t bytes);

private:
    void wake();

    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
    std::uint64_t promoted_ = 0; //!< objects
    bool waiting_ = false;       //!< objects wait for their finalizer
    std::atomic<std::uint32_t> changes_{0};
};

extern constinit FinalizerWatch g_finalizers; // NOLINT(bugprone-dynamic-static-initializers): constinit

//! \brief Starts an EventPipe session on the collector's events, which come to onGcEvent(). 0 on failure.
[[nodiscard]] std::uint64_t startGcSession(void* profilerInfo);

//! \brief True when the event was one of the collector's.
bool onGcEvent(Agent& agent, std::uintptr_t provider, std::uint32_t eventId, const unsigned char* data,
               std::uint32_t bytes);

} // namespace firstchance::agent
