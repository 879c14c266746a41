#pragma once

#include <pthread.h>
#include <sys/types.h>

#include <atomic>
#include <cstdint>

#include "agent/arena.h"
#include "agent/protocol.h"
#include "agent/text.h"

namespace firstchance::agent {

//! \brief The tests that run now, as the test framework tells.
class RunningTests {
public:
    //! \brief Which test an exception belongs to.
    struct Match {
        std::size_t nameSize = 0;
        char name[kMaxNameBytes] = {};
        std::uint32_t candidates = 0;                   //!< 0 no test runs, 1 certain, else one of so many
        std::atomic<std::uint32_t>* askCount = nullptr; //!< of this run of the test
    };

    void start(Text name, pid_t thread);
    //! \brief The test may have moved to another thread since it started. False when it was not running.
    bool stop(Text name);
    //! \brief The test that this thread started last, else the only one that runs, else only how many do.
    void match(pid_t thread, Match& match);
    //! \brief The same, but with no answer rather than a wait for another thread: for a process that dies.
    void matchWithoutWaiting(pid_t thread, Match& match);

private:
    void find(pid_t thread, Match& match);

    struct Test {
        pid_t thread;
        std::uint64_t order;
        std::uint16_t nameSize; // 0: free
        std::atomic<std::uint32_t> askCount;
        char name[kMaxNameBytes];
    };
    static constexpr std::size_t kMaxTests = 256;

    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
    std::uint64_t order_ = 0;
    std::uint32_t unnamed_ = 0; //!< running, but the table was full
    Test tests_[kMaxTests] = {};
};

} // namespace firstchance::agent
