#include "agent/filter_holder.h"

#include <sys/mman.h>

#include <new>

#include "agent/arena.h"

namespace firstchance::agent {

bool FilterHolder::refresh(const ControlLayout& control) {
    const Lock lock(mutex_);
    if (!isStale(control)) {
        return true;
    }
    // mmap and not malloc: the target may be throwing from inside its allocator's hooks.
    void* memory = ::mmap(nullptr, sizeof(Node), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return false;
    }
    auto* node = new (memory) Node;
    if (!readFilter(control, node->filter)) {
        ::munmap(memory, sizeof(Node));
        return false;
    }
    if (currentNode_ != nullptr) {
        currentNode_->next = retired_;
        retired_ = currentNode_;
    }
    currentNode_ = node;
    current_.store(&node->filter, std::memory_order_seq_cst);
    generation_.store(node->filter.generation, std::memory_order_relaxed);
    // A reader counts itself before it takes the pointer: when none is counted now, none holds an old filter.
    if (readers_.load(std::memory_order_seq_cst) == 0) {
        while (retired_ != nullptr) {
            Node* next = retired_->next;
            ::munmap(retired_, sizeof(Node));
            retired_ = next;
        }
    }
    return true;
}

} // namespace firstchance::agent
