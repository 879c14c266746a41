#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/process_image.h"
#include "base/result.h"
#include "clr/runtime_location.h"

namespace firstchance {

//! \brief The runtime's own debugging library (libmscordaccore.so), reading one frozen process.
//!
//! The library is loaded once per process and never unloaded: its thread-local destructors crash afterwards.
//! It is not thread-safe and may crash or loop on memory it does not expect, so it belongs into a process
//! that may die. \p image and everything read from it must stay alive and unchanged as long as the Dac.
class Dac {
public:
    //! \brief Loads the library and binds it to \p image.
    //!
    //! Fails with DacMissing (no library, NativeAOT, Mono, musl target in a glibc process), or DacFailed (the
    //! library is of another build than the runtime, or refuses the memory).
    [[nodiscard]] static Result<std::unique_ptr<Dac>> open(const ProcessImage& image,
                                                           const RuntimeLocation& runtime);

    Dac(const Dac&) = delete;
    Dac& operator=(const Dac&) = delete;
    ~Dac();

    [[nodiscard]] const ProcessImage& image() const;
    [[nodiscard]] const RuntimeLocation& runtime() const;

    //! \brief Every page the library, or we on its behalf, read: what a debugger will ask a core for. Sorted,
    //! merged.
    [[nodiscard]] std::vector<AddressRange> touchedPages() const;
    //! \brief Adds a range to touchedPages() without reading it.
    void touch(AddressRange range);

    //! \brief Reads target memory through the page cache and records the pages; the bytes read from the
    //! start.
    [[nodiscard]] std::size_t read(Address address, std::span<std::byte> buffer);
    //! \brief One trivially copyable value, all of it or nothing; recorded.
    template <class T> [[nodiscard]] std::optional<T> readValue(Address address) {
        T value{};
        const auto bytes = std::as_writable_bytes(std::span(&value, 1));
        return read(address, bytes) == bytes.size() ? std::optional<T>(value) : std::nullopt;
    }

    //! \brief The interfaces of the library; for the files of this layer only.
    struct Interfaces;
    [[nodiscard]] Interfaces& interfaces();

private:
    struct State;
    explicit Dac(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace firstchance
