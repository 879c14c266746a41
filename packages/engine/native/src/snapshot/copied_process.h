#pragma once

#include "linux/process_memory.h"
#include "snapshot/frozen_image.h"

namespace firstchance {

//! \brief The private memory of a process in our own RAM, copied while it stood.
class PrivateCopy {
public:
    //! \brief Before the pause: makes room for what \p target has now and some growth. DeadlineExceeded when
    //! that is more than \p budget bytes or cannot be reserved.
    static Result<PrivateCopy> prepare(const ProcessImage& target, std::uint64_t budget);
    //! \brief In the pause: copies all private pages. False when they do not fit or \p deadline passed.
    bool copy(const ProcessImage& target, std::chrono::steady_clock::time_point deadline);

    //! \brief The copied bytes from \p address on; empty when that page was not copied. \p until: up to where
    //! that is so.
    [[nodiscard]] std::span<const std::byte> at(Address address, Address& until) const;
    [[nodiscard]] std::vector<AddressRange> present(AddressRange range) const;

private:
    struct Piece {
        AddressRange range;
        std::uint64_t position;
    };
    std::vector<Piece> pieces_; //!< sorted
    MappedBuffer buffer_;
};

//! \brief An image of that: pages of file mappings that were not changed are read from their files.
class CopiedProcess : public FrozenImage {
public:
    CopiedProcess(const LiveProcess& live, const std::vector<TracedThread>& threads, SharedCopy shared,
                  PrivateCopy copy, ProcessMemory memory)
        : FrozenImage(live, live.mappings(), threads, std::move(shared)), copy_(std::move(copy)),
          memory_(std::move(memory)) {}

    [[nodiscard]] CaptureMethod method() const override { return CaptureMethod::Copy; }

protected:
    [[nodiscard]] std::size_t readPrivate(Address address, std::span<std::byte> buffer) const override;
    [[nodiscard]] std::vector<AddressRange> privatePagesOf(const Mapping&,
                                                           AddressRange range) const override {
        return copy_.present(range);
    }

private:
    [[nodiscard]] std::size_t readUncopied(Address address, std::span<std::byte> buffer) const;

    PrivateCopy copy_;
    ProcessMemory memory_; //!< of the running process
};

} // namespace firstchance
