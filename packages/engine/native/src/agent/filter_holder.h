#pragma once

#include <pthread.h>

#include <atomic>

#include "agent/control_file.h"

namespace firstchance::agent {

//! \brief The filter in force. Throwing threads read it without a lock while it is being replaced.
class FilterHolder {
public:
    //! \brief Keeps the filter alive; must not be held while waiting for anything.
    class Reader {
    public:
        explicit Reader(FilterHolder& holder) : holder_(holder) {
            holder_.readers_.fetch_add(1, std::memory_order_seq_cst);
            filter_ = holder_.current_.load(std::memory_order_seq_cst);
        }
        Reader(const Reader&) = delete;
        Reader& operator=(const Reader&) = delete;
        ~Reader() { holder_.readers_.fetch_sub(1, std::memory_order_release); }
        //! \brief Null before the first refresh().
        [[nodiscard]] const Filter* get() const { return filter_; }

    private:
        FilterHolder& holder_;
        const Filter* filter_;
    };

    //! \brief Takes over the engine's filter when its generation is new. False when it could not be read.
    bool refresh(const ControlLayout& control);
    //! \brief Whether refresh() has something to do.
    [[nodiscard]] bool isStale(const ControlLayout& control) const {
        const std::uint32_t generation = control.generation.load(std::memory_order_acquire);
        return (generation & 1) == 0 && generation != generation_.load(std::memory_order_relaxed);
    }
    //! \brief The next refresh() reads whatever the generation: the control file is another.
    void invalidate() { generation_.store(1, std::memory_order_relaxed); }

private:
    struct Node {
        Filter filter;
        Node* next = nullptr;
    };

    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
    std::atomic<std::uint32_t> generation_{1};
    std::atomic<std::uint32_t> readers_{0};
    std::atomic<const Filter*> current_{nullptr};
    Node* currentNode_ = nullptr;
    Node* retired_ = nullptr;
};

} // namespace firstchance::agent
