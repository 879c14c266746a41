#pragma once

#include <sys/types.h>

#include <optional>
#include <span>
#include <vector>

#include "base/process_image.h"
#include "snapshot/shared_file.h"

namespace firstchance {

//! \brief The shared memory of a process, copied while it stands: a fork shares such pages instead of
//! freezing them.
//!
//! With W^X on, all of the runtime's code, stubs and loader data are in one memfd mapped twice. In-memory
//! files are copied through a mapping of our own, made and populated before the pause; where that cannot be
//! had, and for files on a disk that the process may write to, the resident pages are read from the process.
//! Read-only shared views of files (the runtime maps assemblies so) are no content of the process: they are
//! left alone. Limit: pages of a disk file that the process had not touched yet are read from the file later,
//! when it may have written to them.
class SharedCopy {
public:
    //! \brief Before the pause: opens what can be opened, maps and populates it, allocates the room.
    //! \param pid a thread of the target that has its memory
    void prepare(pid_t pid, const ProcessImage& target, std::uint64_t limit);
    //! \brief In the pause. \p target reads the stopped process.
    void copy(const ProcessImage& target);
    //! \brief After the pause: lays the copy over the mappings of the frozen image and closes the views.
    void finish(std::span<const Mapping> mappings);

    //! \brief Where the bytes at an address come from.
    struct Source {
        enum class Kind {
            Elsewhere, //!< not from here: the image's own memory, as it is
            Copied,    //!< data holds them
            Live,      //!< did not fit the limit: the image's own memory, which goes on changing
            Hole,      //!< zero
            Unknown    //!< it was not resident, and may be a hole that must not be touched
        };
        Kind kind = Kind::Elsewhere;
        std::uint64_t size = 0; //!< for how many bytes that is so
        const std::byte* data = nullptr;
    };
    [[nodiscard]] Source at(Address address) const;
    //! \brief The parts of \p range, within one mapping, that were copied; nothing where that mapping is not
    //! laid over.
    [[nodiscard]] std::optional<std::vector<AddressRange>> present(AddressRange range) const;

    [[nodiscard]] std::uint64_t bytes() const { return used_; }
    [[nodiscard]] std::uint64_t lostBytes() const { return lost_; }

private:
    struct Overlay {
        AddressRange range;
        std::uint64_t fileOffset;
        std::size_t file;
        bool readable;
    };

    [[nodiscard]] const Overlay* overlayAt(Address address, Address& next) const;
    std::uint64_t reserve(std::uint64_t size);
    void copyView(SharedFile& file);
    void copyResident(SharedFile& file, const ProcessImage& target);

    std::vector<Mapping> mappings_; //!< before the pause
    std::vector<SharedFile> files_;
    std::vector<Overlay> overlays_; //!< sorted
    MappedBuffer buffer_;
    std::uint64_t used_ = 0;
    std::uint64_t lost_ = 0;
};

} // namespace firstchance
