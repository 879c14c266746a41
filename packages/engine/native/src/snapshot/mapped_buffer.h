#pragma once

#include <cstddef>

namespace firstchance {

//! \brief A piece of our address space, unmapped at the end.
class MappedBuffer {
public:
    MappedBuffer() = default;
    MappedBuffer(void* data, std::size_t size) : data_(static_cast<std::byte*>(data)), size_(size) {}
    MappedBuffer(MappedBuffer&& other) noexcept;
    MappedBuffer& operator=(MappedBuffer&& other) noexcept;
    MappedBuffer(const MappedBuffer&) = delete;
    MappedBuffer& operator=(const MappedBuffer&) = delete;
    ~MappedBuffer();

    //! \brief Zero pages that take memory only when written; nothing mapped when it fails.
    static MappedBuffer allocate(std::size_t size);
    //! \brief The same, shared with the processes we fork.
    static MappedBuffer allocateShared(std::size_t size);
    //! \brief Makes the first \p size bytes resident: page faults of ours in the pause would be pause of the
    //! target.
    void populate(std::size_t size) const;

    [[nodiscard]] std::byte* data() const { return data_; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool valid() const { return data_ != nullptr; }

private:
    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace firstchance
