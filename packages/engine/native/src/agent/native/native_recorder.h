#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "agent/native/native_walk.h"
#include "agent/native/resource_table.h"

namespace firstchance::agent {

//! \brief Writes down who takes native resources, for some seconds.
//!
//! Everything but begin(), end() and release() is called on the program's own threads, in the middle of
//! malloc: no lock, no allocation, errno stays, nothing recorded from within itself, on a foreign stack or in
//! a fork of the target. The memory is reserved once and never given back, only its pages are: a thread that
//! was interrupted in a hook may come back at any time.
class NativeRecorder {
public:
    //! \param profilerInfo of whom a thread's runtime frames are asked
    //! \param period of samples of malloc, in bytes; 1 takes every block
    //! \returns false when there is no memory, or a thread has not left the recorder since the last time
    [[nodiscard]] bool begin(void* profilerInfo, std::uint16_t runtimeMajor, std::uint64_t period);
    //! \brief Nothing that the calling thread does is ever recorded: it is the agent's.
    static void leaveOutThisThread();
    //! \brief From now on nothing is written. False when a thread did not leave in time: what was written
    //! must not be read, and begin() fails until it has left.
    [[nodiscard]] bool end();
    //! \brief After end(): gives the pages back.
    void release();

    [[nodiscard]] bool recording() const { return phase_.load(std::memory_order_relaxed) != 0; }
    [[nodiscard]] const ResourceTable& table() const { return *table_; }
    [[nodiscard]] std::uint64_t period() const { return period_; }
    //! \brief Blocks of malloc that were picked, and resources of other kinds.
    [[nodiscard]] std::uint64_t recorded() const { return recorded_.load(std::memory_order_relaxed); }
    //! \brief A table was full, and nothing has been recorded since.
    [[nodiscard]] bool full() const { return full_.load(std::memory_order_relaxed); }

    //! \brief malloc gave this block. \p frame is the hook's.
    void onBlock(void* block, std::size_t bytes, const void* frame);
    //! \brief It is about to be freed, and may be null.
    void onFree(const void* block);
    void onResource(Resource resource, std::uint64_t value, std::uint64_t bytes, const void* frame);
    void onReturned(Resource resource, std::uint64_t value);
    //! \brief Memory is about to be unmapped.
    void onUnmapped(std::uintptr_t address, std::size_t bytes);

    //! \brief While it exists, nothing that this thread does deeper on its stack is recorded: operator new
    //! calls malloc. An exception that passes it by ends it as well.
    class Quiet {
    public:
        explicit Quiet(const void* frame);
        Quiet(const Quiet&) = delete;
        Quiet& operator=(const Quiet&) = delete;
        ~Quiet();

    private:
        std::uintptr_t before_;
    };

private:
    //! \brief Not a fork of it.
    [[nodiscard]] bool isTarget() const;
    void record(Resource resource, std::uint64_t value, std::uint64_t bytes, const void* frame);
    void write(Resource resource, std::uint64_t value, std::uint64_t bytes, const void* frame);

    std::atomic<std::uint32_t> phase_{0}; //!< 0: not recording
    std::uint32_t lastPhase_ = 0;
    std::uint64_t period_ = 1;
    void* profilerInfo_ = nullptr;
    RuntimeFrameLayout layout_;
    ResourceTable* table_ = nullptr;
    std::atomic<std::uint32_t> inside_{0}; //!< threads in record()
    std::atomic<std::uint64_t> recorded_{0};
    std::atomic<bool> full_{false};
    std::atomic<std::int32_t> process_{0};
};

extern constinit NativeRecorder g_recorder; // NOLINT(bugprone-dynamic-static-initializers): constinit

} // namespace firstchance::agent
