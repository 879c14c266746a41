#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

#include "base/output_file.h"
#include "base/result.h"

namespace firstchance {

//! \brief Writes a file from its beginning to its end through a buffer of 1 MB. The first failure is kept and
//! ends the writing; ask for it with finish().
class SectionStream {
public:
    explicit SectionStream(OutputFile& file) : file_(file) { buffer_.reserve(kBuffer); }

    void put(std::span<const std::byte> bytes);
    template <class T> void put(const T& value) {
        static_assert(std::is_trivially_copyable_v<T>);
        put(std::as_bytes(std::span(&value, 1)));
    }
    //! \brief Fills up with zeros to a multiple of \p bytes, a power of two.
    void align(std::uint64_t bytes);

    [[nodiscard]] std::uint64_t offset() const { return written_ + buffer_.size(); }
    [[nodiscard]] bool failed() const { return error_.has_value(); }
    //! \brief Writes what is buffered.
    [[nodiscard]] Result<void> finish();

private:
    static constexpr std::size_t kBuffer = 1U << 20U;
    void flush();

    OutputFile& file_;
    std::vector<std::byte> buffer_;
    std::uint64_t written_ = 0;
    std::optional<Error> error_;
};

} // namespace firstchance
