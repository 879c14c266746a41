// Work that breaks when a thread is put back wrongly: any lost wake-up stops a counter, any wrong register
// spoils a check.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "counters.h"

namespace {

std::vector<pthread_t>& victims() {
    static std::vector<pthread_t> all;
    return all;
}

void comeAndGo() {
    while (!counters().stop) {
        std::array<std::thread, 4> brief;
        for (std::thread& one : brief) {
            one = std::thread([] {
                volatile unsigned value = 1;
                for (int i = 0; i < 2000; ++i) {
                    value = value * 1664525U + 1013904223U;
                }
            });
        }
        for (std::thread& one : brief) {
            one.join();
        }
        counters().threadsMade += 4;
        ::usleep(500);
    }
}

void ping(int fd) {
    for (unsigned long value = 1; !counters().stop; ++value) {
        unsigned long answer = 0;
        if (::write(fd, &value, sizeof value) != sizeof value ||
            ::read(fd, &answer, sizeof answer) != sizeof answer) {
            reportWrong("ping", -1, errno);
            ++counters().wrongResults;
        } else if (answer != value * 3 + 1) {
            reportWrong("pong's answer", static_cast<long>(answer), 0);
            ++counters().wrongResults;
        }
        ++counters().pingPongs;
    }
}

void pong(int fd) {
    unsigned long value = 0;
    while (::read(fd, &value, sizeof value) == sizeof value) {
        value = value * 3 + 1;
        static_cast<void>(::write(fd, &value, sizeof value));
    }
}

struct Table {
    std::mutex mutex;
    std::condition_variable condition;
    int turn = 0;
};

void handOff(Table* table, int me) {
    while (!counters().stop) {
        std::unique_lock lock(table->mutex);
        table->condition.wait(lock, [&] { return table->turn == me; });
        table->turn = 1 - me;
        ++counters().handOffs;
        table->condition.notify_one();
        lock.unlock();
        if (me == 0) {
            ::usleep(100);
        }
    }
}

void calculate() {
    while (!counters().stop) {
        double first = 0;
        double second = 0;
        for (int i = 1; i < 400; ++i) {
            first += 1.5 / i;
        }
        for (int i = 1; i < 400; ++i) {
            second += 1.5 / i;
        }
        if (first != second) { // the same operations in the same order
            reportWrong("floating point", 0, 0);
            ++counters().wrongResults;
        }
        ::usleep(300);
    }
}

void storm() {
    sigval value{};
    value.sival_int = 42;
    for (std::size_t i = 0; !counters().stop; ++i) {
        if (pthread_sigqueue(victims()[i % victims().size()], SIGRTMIN + 2, value) == 0) {
            ++counters().sentToSelf;
        }
        ::usleep(700);
    }
}

} // namespace

int startChurn() {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        static std::array<std::array<int, 2>, 4> sockets;
        auto& pair = sockets[static_cast<std::size_t>(i)];
        ::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data());
        threads.emplace_back(ping, pair[0]);
        threads.emplace_back(pong, pair[1]);
        auto* table = new Table; // lives as long as the program
        threads.emplace_back(handOff, table, 0);
        threads.emplace_back(handOff, table, 1);
        threads.emplace_back(calculate);
    }
    for (std::thread& thread : threads) {
        victims().push_back(thread.native_handle());
    }
    threads.emplace_back(comeAndGo);
    threads.emplace_back(storm);
    for (std::thread& thread : threads) {
        thread.detach();
    }
    return static_cast<int>(threads.size());
}
