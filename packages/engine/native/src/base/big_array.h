#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <span>
#include <type_traits>
#include <utility>

namespace firstchance {

//! \brief A growing array for millions of plain values: an own mapping reserved at the upper bound, so that
//! it never moves, and backed by huge pages where the kernel has them (page faults are the main cost of
//! building a heap graph).
//!
//! Address space is reserved, memory is used only as far as it is written. Values are zero at first.
template <class T> class BigArray {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    BigArray() = default;
    //! \brief Room for \p capacity values. Aborts when the address space is exhausted.
    explicit BigArray(std::size_t capacity) : capacity_(capacity) {
        if (capacity == 0) {
            return;
        }
        bytes_ = (capacity * sizeof(T) + kHuge - 1) & ~(kHuge - 1);
        void* mapped = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (mapped == MAP_FAILED) {
            std::abort();
        }
        if (capacity * sizeof(T) >= kHuge) {
            ::madvise(mapped, bytes_, MADV_HUGEPAGE); // a small array would be cleared 2 MB at a time
        }
        data_ = static_cast<T*>(mapped);
    }
    BigArray(BigArray&& other) noexcept { swap(other); }
    BigArray& operator=(BigArray&& other) noexcept {
        BigArray(std::move(other)).swap(*this);
        return *this;
    }
    BigArray(const BigArray&) = delete;
    BigArray& operator=(const BigArray&) = delete;
    ~BigArray() {
        if (data_ != nullptr) {
            ::munmap(data_, bytes_);
        }
    }

    //! \brief Appends; the caller keeps to the capacity.
    void push(T value) { data_[size_++] = value; }
    //! \brief Sets the size; new values are zero unless they were written before.
    void resize(std::size_t size) { size_ = size; }

    [[nodiscard]] T* data() { return data_; }
    [[nodiscard]] const T* data() const { return data_; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t capacity() const { return capacity_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] T& operator[](std::size_t index) { return data_[index]; }
    [[nodiscard]] const T& operator[](std::size_t index) const { return data_[index]; }
    [[nodiscard]] std::span<T> span() { return {data_, size_}; }
    [[nodiscard]] std::span<const T> span() const { return {data_, size_}; }
    [[nodiscard]] T* begin() { return data_; }
    [[nodiscard]] T* end() { return data_ + size_; }
    [[nodiscard]] const T* begin() const { return data_; }
    [[nodiscard]] const T* end() const { return data_ + size_; }

    void swap(BigArray& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
        std::swap(bytes_, other.bytes_);
    }

private:
    static constexpr std::size_t kHuge = std::size_t{2} << 20U;

    T* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
    std::size_t bytes_ = 0;
};

} // namespace firstchance
