#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/process_image.h"
#include "base/result.h"

namespace firstchance {

//! \brief The processor a core was taken on.
enum class Machine { X64, Arm64 };

//! \brief A core file as a process image: ours, createdump's, the kernel's or gdb's; plain, or seekable zstd
//! read by random access through a bounded cache.
//!
//! Bytes of a module that are not in the core are read from the file at the recorded path when it is the one
//! that was loaded, by the build id, or time stamp and size, in the core's memory; and only what no loader
//! changes: segments that are never written to, metadata of managed images. Nothing else is read from outside
//! the core. Thread-safe for reading; memory grows with the number of segments, mappings and
//! threads.
class CoreFile final : public ProcessImage {
public:
    //! \brief Opens and checks \p path. Errors: CorruptDump (says what is wrong with it), Unsupported
    //! (another architecture, or zstd without a seek table: `firstchance unpack` reads that), NotFound-like
    //! system errors as InvalidArgument, PermissionDenied.
    [[nodiscard]] static Result<std::unique_ptr<CoreFile>> open(const std::string& path);
    CoreFile(const CoreFile&) = delete;
    CoreFile& operator=(const CoreFile&) = delete;
    CoreFile(CoreFile&&) = delete;
    CoreFile& operator=(CoreFile&&) = delete;
    ~CoreFile() override;

    [[nodiscard]] pid_t pid() const override;
    [[nodiscard]] const std::string& commandName() const override;
    [[nodiscard]] std::span<const Mapping> mappings() const override;
    [[nodiscard]] std::span<const ThreadImage> threads() const override;
    [[nodiscard]] std::span<const std::byte> auxiliaryVector() const override;
    [[nodiscard]] std::size_t read(Address address, std::span<std::byte> buffer) const override;
    //! \brief What the core holds of \p range.
    [[nodiscard]] std::vector<AddressRange> privatePages(AddressRange range) const override;

    [[nodiscard]] Machine machine() const;
    //! \brief Written by firstchance (its own note is there).
    [[nodiscard]] bool isOurs() const;
    //! \brief Base of the runtime's module as the core itself says (diagnostic page of version 2); null: not
    //! said.
    [[nodiscard]] Address runtimeBase() const;
    //! \brief Size of the plain core in bytes.
    [[nodiscard]] std::uint64_t rawBytes() const;
    //! \brief The file is seekable zstd.
    [[nodiscard]] bool isCompressed() const;

private:
    struct State;
    explicit CoreFile(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace firstchance
