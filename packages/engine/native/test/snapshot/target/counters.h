#pragma once

#include <atomic>
#include <string>

//! \brief What the target has seen of the outside since it started; its invariants are judged by the test.
struct Counters {
    std::atomic<long> childSignals{0};
    std::atomic<long> queuedSignals{0}; //!< handled
    std::atomic<long> sentToSelf{0};
    std::atomic<long> spuriousInterrupts{0};    //!< EINTR from a call that a stop need not interrupt
    std::atomic<long> unavoidableInterrupts{0}; //!< EINTR of timed calls that the kernel never restarts
    std::atomic<long> wrongResults{0};
    std::atomic<long> earlyReturns{0};
    std::atomic<long> waits{0};
    std::atomic<long> threadsMade{0};
    std::atomic<long> pingPongs{0};
    std::atomic<long> handOffs{0};
    std::atomic<long> strangers{0}; //!< children found that the target never made
    std::atomic<bool> stop{false};
    std::string firstWrong; //!< which call gave the first wrong result
};

Counters& counters();
void reportWrong(const char* where, long result, int error);

//! \brief One thread blocked in every kind of call. \return how many threads were started
int startWaits();
//! \brief Ends the waits that have no time-out.
void wakeWaits();
//! \brief Threads that come and go, a storm of queued signals, ping-pong over sockets, hand-offs, floating
//! point checks.
int startChurn();
//! \brief Starts the thread that counts through private, shared, doubly mapped and file memory, and prints
//! where they are.
void startWriter(std::size_t heapMegabytes);
//! \brief A thread that spins with known values in its registers; prints its id.
void startRegisterHolder();
