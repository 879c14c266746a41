#include "snapshot/tracer_thread.h"

#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "snapshot/signal_shield.h"

namespace firstchance {

struct TracerThread::Shared {
    std::mutex mutex;
    std::condition_variable changed;
    const std::function<void()>* job = nullptr;
    std::optional<std::chrono::steady_clock::time_point> alarm;
    std::function<void()> atAlarm;
    bool end = false;
    std::thread thread;

    void work() {
        std::unique_lock lock(mutex);
        while (!end) {
            if (job != nullptr) {
                (*job)();
                job = nullptr;
                changed.notify_all();
            } else if (alarm && std::chrono::steady_clock::now() >= *alarm) {
                alarm.reset();
                atAlarm();
            } else if (alarm) {
                const auto until = *alarm;
                changed.wait_until(lock, until);
            } else {
                changed.wait(lock);
            }
        }
    }
};

TracerThread::TracerThread() : owner_(::getpid()), shared_(std::make_unique<Shared>()) {
    const SignalShield inherited;
    shared_->thread = std::thread([shared = shared_.get()] { shared->work(); });
}

TracerThread::~TracerThread() {
    if (::getpid() != owner_) {
        // Neither the thread nor the waiter of the condition exists here: destroying them would wait for
        // ever.
        static_cast<void>(shared_.release()); // NOLINT(bugprone-unused-return-value)
        return;
    }
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->end = true;
    }
    shared_->changed.notify_all();
    shared_->thread.join();
}

void TracerThread::run(const std::function<void()>& job) {
    std::unique_lock lock(shared_->mutex);
    shared_->job = &job;
    shared_->changed.notify_all();
    shared_->changed.wait(lock, [&] { return shared_->job == nullptr; });
}

void TracerThread::runAt(std::chrono::steady_clock::time_point time, std::function<void()> job) {
    const std::lock_guard lock(shared_->mutex);
    shared_->atAlarm = std::move(job);
    shared_->alarm = time;
    shared_->changed.notify_all();
}

} // namespace firstchance
