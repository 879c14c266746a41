#include "core/block_pipeline.h"

#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

namespace firstchance {
namespace {

//! \brief Blocks in a ring: block n lives in slot n modulo the number of slots, so that order needs no queue.
class Pipeline {
public:
    Pipeline(std::uint64_t count, std::size_t packers, std::size_t packedCapacity,
             const PipelineStages& stages)
        : count_(count), stages_(stages), slots_(packers + 3) {
        for (Slot& slot : slots_) {
            slot.block.data.resize(kCoreBlock);
            slot.block.packed.resize(packedCapacity);
        }
    }

    void fillAll() {
        for (std::uint64_t index = 0; index < count_; ++index) {
            Slot& slot = slotOf(index);
            if (!await([&] { return slot.state == State::Free; })) {
                return;
            }
            slot.block.index = index;
            stages_.fill(slot.block);
            advance(slot, stages_.pack ? State::Filled : State::Packed);
        }
    }

    void packSome(std::size_t worker) {
        for (;;) {
            std::uint64_t index = 0;
            {
                const std::lock_guard lock(mutex_);
                index = nextToPack_++;
            }
            if (index >= count_) {
                return;
            }
            Slot& slot = slotOf(index);
            if (!await([&] { return slot.state == State::Filled && slot.block.index == index; })) {
                return;
            }
            stages_.pack(slot.block, worker);
            advance(slot, State::Packed);
        }
    }

    void writeAll() {
        for (std::uint64_t index = 0; index < count_; ++index) {
            Slot& slot = slotOf(index);
            if (!await([&] { return slot.state == State::Packed; }) || !stages_.write(slot.block)) {
                break;
            }
            advance(slot, State::Free);
        }
        stop();
    }

    void stop() {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        changed_.notify_all();
    }

private:
    enum class State { Free, Filled, Packed };
    struct Slot {
        Block block;
        State state = State::Free;
    };

    Slot& slotOf(std::uint64_t index) { return slots_[index % slots_.size()]; }

    template <class Condition> bool await(Condition condition) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stopped_ || condition(); });
        return !stopped_;
    }

    void advance(Slot& slot, State state) {
        const std::lock_guard lock(mutex_);
        slot.state = state;
        changed_.notify_all();
    }

    const std::uint64_t count_;
    const PipelineStages& stages_;
    std::vector<Slot> slots_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t nextToPack_ = 0;
    bool stopped_ = false;
};

} // namespace

Result<void> runPipeline(std::uint64_t count, std::size_t packers, std::size_t packedCapacity,
                         const PipelineStages& stages) {
    Pipeline pipeline(count, packers, packedCapacity, stages);
    std::vector<std::jthread> threads;
    threads.reserve(packers + 1);
    try {
        threads.emplace_back([&] { pipeline.fillAll(); });
        for (std::size_t worker = 0; stages.pack && worker < packers; ++worker) {
            threads.emplace_back([&pipeline, worker] { pipeline.packSome(worker); });
        }
    } catch (const std::system_error& error) { // std::thread has no other way to say that there is no thread
        pipeline.stop();
        return failSystem(ErrorCode::Internal, "start a thread to write the dump", error.code().value(),
                          "Raise the limit of processes (ulimit -u, or the container's pids limit)");
    }
    pipeline.writeAll();
    return {};
}

} // namespace firstchance
