#pragma once

#include "linux/process_memory.h"
#include "snapshot/frozen_image.h"

namespace firstchance {

//! \brief The private memory of a process in our own RAM, copied while it stood.
class PrivateCopy {
public:
    //! \brief Room for \p budget bytes; fails when it cannot be reserved.
    static Result<PrivateCopy> prepare(std::uint64_t budget);
    //! \brief In the pause: copies all private pages. False when they do not fit.
    bool copy(const ProcessImage& target);
    [[nodiscard]] std::size_t read(Address address, std::span<std::byte> buffer) const;
    [[nodiscard]] std::vector<AddressRange> present(AddressRange range) const;
    //! \brief Whether \p address is in it, and up to where nothing changes about that.
    [[nodiscard]] bool holds(Address address, Address& until) const;

private:
    struct Piece {
        AddressRange range;
        std::uint64_t position;
    };
    std::vector<Piece> pieces_; //!< sorted
    MappedBuffer buffer_;
};

//! \brief An image of that: clean file pages are read from the running process, whose files do not change.
class CopiedProcess : public FrozenImage {
public:
    CopiedProcess(const LiveProcess& live, const std::vector<TracedThread>& threads, SharedCopy shared, PrivateCopy copy,
                  ProcessMemory memory)
        : FrozenImage(live, threads, std::move(shared)), copy_(std::move(copy)), memory_(std::move(memory)) {}

    [[nodiscard]] CaptureMethod method() const override { return CaptureMethod::Copy; }
    Result<void> release() override { return {}; }

protected:
    [[nodiscard]] std::size_t readPrivate(Address address, std::span<std::byte> buffer) const override;
    [[nodiscard]] std::vector<AddressRange> privatePagesOf(const Mapping&, AddressRange range) const override {
        return copy_.present(range);
    }

private:
    PrivateCopy copy_;
    ProcessMemory memory_;
};

} // namespace firstchance
