#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "base/address.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief A managed image with offsets from 0, in the target's memory or in a file: what the PE and metadata
//! readers parse.
class ImageBytes {
public:
    //! \brief Copies from an offset; returns the bytes read from the start of the buffer.
    using Read = std::function<std::size_t(std::uint64_t offset, std::span<std::byte> buffer)>;

    ImageBytes(Read read, std::uint64_t size) : read_(std::move(read)), size_(size) {}

    //! \brief Memory of the target; reads are recorded by \p dac, which must outlive the source.
    [[nodiscard]] static ImageBytes memory(Dac& dac, Address begin, std::uint64_t size);
    //! \brief A file; nothing if it cannot be opened.
    [[nodiscard]] static std::optional<ImageBytes> file(const std::string& path);
    //! \brief The part [offset, offset + size) of this source.
    [[nodiscard]] ImageBytes part(std::uint64_t offset, std::uint64_t size) const;

    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] bool read(std::uint64_t offset, std::span<std::byte> buffer) const;
    template <class T> [[nodiscard]] std::optional<T> value(std::uint64_t offset) const {
        T result{};
        return read(offset, std::as_writable_bytes(std::span(&result, 1))) ? std::optional<T>(result)
                                                                           : std::nullopt;
    }
    //! \brief A NUL-terminated string of at most \p limit bytes; what could be read of it.
    [[nodiscard]] std::string text(std::uint64_t offset, std::size_t limit = 4096) const;

private:
    Read read_;
    std::uint64_t size_;
};

} // namespace firstchance
