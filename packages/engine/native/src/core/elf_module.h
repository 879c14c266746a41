#pragma once

#include <elf.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/address.h"

namespace firstchance {

//! \brief Copies memory as ProcessImage::read() does.
using MemoryReader = std::function<std::size_t(Address, std::span<std::byte>)>;

//! \brief A loaded ELF module as its headers in memory describe it. Nothing in it is to be trusted: the
//! target may have damaged its own memory.
struct ElfModule {
    Address base;                  //!< where the file header lies
    std::uint64_t bias = 0;        //!< load address minus link address, modulo 2^64
    std::uint64_t headerTable = 0; //!< offset of the program headers from the base
    std::vector<Elf64_Phdr> programHeaders;

    [[nodiscard]] Address at(std::uint64_t linkAddress) const { return Address(bias + linkAddress); }
    [[nodiscard]] AddressRange memoryOf(const Elf64_Phdr& header) const {
        return {at(header.p_vaddr), at(header.p_vaddr) + header.p_memsz};
    }
};

//! \brief Reads the module whose file header is at \p base; nothing when there is no ELF module.
[[nodiscard]] std::optional<ElfModule> readElfModule(const MemoryReader& read, Address base);

//! \brief The GNU build id in notes [address, address + size) read with \p read; empty when there is none.
[[nodiscard]] std::vector<std::byte> findBuildId(const MemoryReader& read, Address address,
                                                 std::uint64_t size);

//! \brief The build id of a loaded module; empty when it has none.
[[nodiscard]] std::vector<std::byte> buildIdOf(const MemoryReader& read, const ElfModule& module);

} // namespace firstchance
