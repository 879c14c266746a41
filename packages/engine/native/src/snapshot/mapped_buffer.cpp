#include "snapshot/mapped_buffer.h"

#include <sys/mman.h>

#include <algorithm>
#include <utility>

namespace firstchance {
namespace {

constexpr int kPopulateWrite = 23; // MADV_POPULATE_WRITE, Linux 5.14; older kernels fault later

MappedBuffer map(std::size_t size, int flags) {
    void* data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return data == MAP_FAILED ? MappedBuffer() : MappedBuffer(data, size);
}

} // namespace

MappedBuffer::MappedBuffer(MappedBuffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedBuffer& MappedBuffer::operator=(MappedBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

MappedBuffer::~MappedBuffer() {
    if (data_ != nullptr) {
        ::munmap(data_, size_);
    }
}

MappedBuffer MappedBuffer::allocate(std::size_t size) {
    return map(size, MAP_PRIVATE);
}

MappedBuffer MappedBuffer::allocateShared(std::size_t size) {
    return map(size, MAP_SHARED);
}

void MappedBuffer::populate(std::size_t size) const {
    if (valid()) {
        ::madvise(data_, std::min(size, size_), kPopulateWrite);
    }
}

} // namespace firstchance
