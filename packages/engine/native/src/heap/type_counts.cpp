#include "heap/type_counts.h"

#include <algorithm>
#include <deque>
#include <system_error>
#include <thread>

namespace firstchance {
namespace {

//! \brief One thread's part. Nothing is shared but the number of the next segment: a few types known twice
//! cost less than a lock.
class Counter {
public:
    Counter(const ProcessImage& image, const GcHeap& heap)
        : heap_(heap), types_(image, heap.freeType), walk_(image, heap, types_) {}

    void run(std::atomic<std::size_t>& nextSegment, const std::atomic<bool>* cancelled) {
        const auto add = [this](const WalkedObject& object) {
            if (object.type >= totals_.size()) {
                totals_.resize(types_.size());
            }
            totals_[object.type].instances += 1;
            totals_[object.type].bytes += object.size;
            return true;
        };
        for (std::size_t i = nextSegment++; i < heap_.segments.size() && !cancelled_; i = nextSegment++) {
            cancelled_ = !walk_.run(heap_.segments[i], cancelled, add);
        }
    }

    void addTo(TypeCounts& counts) const {
        for (std::uint32_t number = 0; number < totals_.size(); ++number) {
            const auto& [instances, bytes] = totals_[number];
            if (instances > 0) {
                counts.types.push_back({types_[number].methodTable, instances, bytes});
            }
        }
        counts.holes += walk_.holes();
    }
    [[nodiscard]] bool cancelled() const { return cancelled_; }

private:
    struct Total {
        std::uint64_t instances = 0;
        std::uint64_t bytes = 0;
    };
    const GcHeap& heap_;
    HeapTypes types_;
    SegmentWalk walk_;
    std::vector<Total> totals_; //!< by the number of the type
    bool cancelled_ = false;
};

void mergeEqual(std::vector<TypeCounts::Count>& types) {
    std::sort(types.begin(), types.end(), [](const TypeCounts::Count& a, const TypeCounts::Count& b) {
        return a.methodTable < b.methodTable;
    });
    std::size_t kept = 0;
    for (const TypeCounts::Count& count : types) {
        if (kept > 0 && types[kept - 1].methodTable == count.methodTable) {
            types[kept - 1].instances += count.instances;
            types[kept - 1].bytes += count.bytes;
        } else {
            types[kept++] = count;
        }
    }
    types.resize(kept);
}

} // namespace

std::optional<TypeCounts> countTypes(const ProcessImage& image, const GcHeap& heap, unsigned threads,
                                     const std::atomic<bool>* cancelled) {
    std::deque<Counter> counters;
    counters.emplace_back(image, heap);
    std::atomic<std::size_t> nextSegment = 0;
    {
        std::vector<std::jthread> others;
        try {
            while (counters.size() < std::min<std::size_t>(threads, heap.segments.size())) {
                Counter& counter = counters.emplace_back(image, heap);
                others.emplace_back([&] { counter.run(nextSegment, cancelled); });
            }
        } catch (const std::system_error&) { // no more threads: this one does the work of all
        }
        counters.front().run(nextSegment, cancelled);
    }
    TypeCounts counts;
    for (const Counter& counter : counters) {
        if (counter.cancelled()) {
            return std::nullopt;
        }
        counter.addTo(counts);
    }
    mergeEqual(counts.types);
    return counts;
}

} // namespace firstchance
