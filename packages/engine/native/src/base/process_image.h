#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/address.h"

namespace firstchance {

//! \brief One line of /proc/PID/maps, or one file entry of a core's NT_FILE note.
struct Mapping {
    AddressRange range;
    bool readable = false;
    bool writable = false;
    bool executable = false;
    bool shared = false;          //!< MAP_SHARED: a fork does not freeze it
    std::uint64_t fileOffset = 0; //!< bytes
    std::uint64_t device = 0;     //!< makedev(major, minor)
    std::uint64_t inode = 0;      //!< 0: anonymous
    std::string path;             //!< as the kernel prints it, without the " (deleted)" suffix
    bool deleted = false;         //!< the kernel printed " (deleted)": not to be opened, not a module

    //! \brief A mapping of a file that a reader may open: not anonymous, not [special], not deleted.
    [[nodiscard]] bool isFile() const { return !path.empty() && path.front() == '/' && !deleted; }
};

//! \brief A thread's state at the moment the image was taken.
//!
//! The register sets are the kernel's own layouts as PTRACE_GETREGSET returns them (<sys/procfs.h>,
//! <linux/elf.h>), so that they go into a core's notes unchanged.
struct ThreadImage {
    pid_t tid = 0;
    std::string name; //!< comm, at most 15 bytes; empty in a core
    char state = '?'; //!< state letter of /proc/PID/task/TID/stat before the stop: R, S, D, …
    int signal = 0;   //!< signal whose delivery the stop interrupted, 0 for none
    std::vector<std::byte> generalRegisters; //!< NT_PRSTATUS regset: user_regs_struct / user_pt_regs
    std::vector<std::byte> floatRegisters;   //!< NT_PRFPREG regset
    //! Further regsets by note type: NT_X86_XSTATE on x86-64; TLS, PAC mask, SVE on arm64. Owner "LINUX".
    std::vector<std::pair<std::uint32_t, std::vector<std::byte>>> extraRegisters;

    [[nodiscard]] Address programCounter() const;
    [[nodiscard]] Address stackPointer() const;
    [[nodiscard]] Address framePointer() const;
};

//! \brief A process that stands still: a frozen copy of a live one, or a core file.
//!
//! Everything above the snapshot (DAC host, heap walk, core writer) sees only this. Thread-safe for reading.
class ProcessImage {
public:
    ProcessImage() = default;
    ProcessImage(const ProcessImage&) = delete;
    ProcessImage& operator=(const ProcessImage&) = delete;
    virtual ~ProcessImage() = default;

    //! \brief The target's process id in our pid namespace (not the frozen copy's).
    [[nodiscard]] virtual pid_t pid() const = 0;
    //! \brief comm of the thread group leader, at most 15 bytes.
    [[nodiscard]] virtual const std::string& commandName() const = 0;
    //! \brief Sorted by address, without overlap.
    [[nodiscard]] virtual std::span<const Mapping> mappings() const = 0;
    [[nodiscard]] virtual std::span<const ThreadImage> threads() const = 0;
    //! \brief The auxiliary vector, raw Elf64_auxv_t items.
    [[nodiscard]] virtual std::span<const std::byte> auxiliaryVector() const = 0;

    //! \brief Copies memory. Returns the number of bytes read from the start: less than size() when a page on
    //! the way cannot be read, 0 when the first cannot.
    [[nodiscard]] virtual std::size_t read(Address address, std::span<std::byte> buffer) const = 0;

    //! \brief What to prefix to a path of mappings() to open it: "/proc/PID/root" for a process in another
    //! mount namespace, else empty.
    [[nodiscard]] virtual std::string rootPrefix() const { return {}; }

    //! \brief Sub-ranges of \p range whose content is private to the process and worth keeping: resident or
    //! swapped pages of anonymous memory that are not the zero page, copied pages of private file mappings.
    //! Page aligned, sorted, merged. A core answers with what it holds.
    [[nodiscard]] virtual std::vector<AddressRange> privatePages(AddressRange range) const = 0;

    //! \brief Reads one trivially copyable value, all of it or nothing.
    template <class T> [[nodiscard]] std::optional<T> readValue(Address address) const {
        T value{};
        const auto bytes = std::as_writable_bytes(std::span(&value, 1));
        return read(address, bytes) == bytes.size() ? std::optional<T>(value) : std::nullopt;
    }
    //! \brief The mapping that holds \p address, or nullptr.
    [[nodiscard]] const Mapping* findMapping(Address address) const;
    //! \brief Reads a NUL-terminated string of at most \p limit bytes; what could be read of it.
    [[nodiscard]] std::string readString(Address address, std::size_t limit = 4096) const;
};

} // namespace firstchance
