#pragma once

#include <sys/types.h>

#include <span>
#include <vector>

#include "base/process_image.h"
#include "base/unique_fd.h"

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
    [[nodiscard]] std::byte* data() const { return data_; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool valid() const { return data_ != nullptr; }

private:
    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

//! \brief The shared memory of a process, copied while it stands: a fork shares such pages instead of freezing them.
//!
//! With W^X on, all of the runtime's code, stubs and loader data are in one memfd mapped twice. It is copied through a
//! mapping of our own, made and populated before the pause; other shared memory by reading the process. Files on a
//! disk are not copied.
class SharedCopy {
public:
    //! \brief Before the pause: opens what can be opened, maps and populates it, allocates the room.
    void prepare(pid_t pid, std::span<const Mapping> mappings, std::uint64_t limit);
    //! \brief In the pause. \p target reads the stopped process.
    void copy(const ProcessImage& target);

    //! \brief The mappings whose content is here and not in a fork, sorted by address.
    [[nodiscard]] std::span<const Mapping> mappings() const { return copied_; }
    //! \brief Reads from the copy; \p mapping is one of mappings(). What was not resident reads as zero.
    void read(const Mapping& mapping, Address address, std::span<std::byte> buffer) const;
    //! \brief The copied parts of \p range within \p mapping.
    [[nodiscard]] std::vector<AddressRange> present(const Mapping& mapping, AddressRange range) const;

    [[nodiscard]] std::uint64_t bytes() const { return used_; }
    [[nodiscard]] std::uint64_t lostBytes() const { return lost_; }

private:
    struct File {
        std::uint64_t device;
        std::uint64_t inode;
        UniqueFd fd;
        MappedBuffer window; //!< our own view of it
    };
    struct Extent {
        std::uint64_t device;
        std::uint64_t inode;
        std::uint64_t offset; //!< in the file
        std::uint64_t size;
        std::uint64_t position; //!< in buffer_
    };

    void openFiles(pid_t pid);
    void copyFile(const File& file);
    void copyMapping(const ProcessImage& target, const Mapping& mapping);
    bool reserve(std::uint64_t size);

    std::vector<Mapping> copied_;
    std::vector<File> files_;
    std::vector<Extent> extents_; //!< sorted by device, inode, offset once copied
    MappedBuffer buffer_;
    std::uint64_t used_ = 0;
    std::uint64_t lost_ = 0;
};

} // namespace firstchance
