#include "agent/arena.h"

#include <sys/mman.h>

namespace firstchance::agent {

void* Arena::allocate(std::size_t bytes) {
    if (base_ == nullptr) {
        void* memory = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) {
            return nullptr;
        }
        base_ = static_cast<char*>(memory);
    }
    bytes = (bytes + kAlignment - 1) / kAlignment * kAlignment;
    if (bytes > kBytes - used_) {
        return nullptr;
    }
    void* item = base_ + used_;
    used_ += bytes;
    return item;
}

} // namespace firstchance::agent
