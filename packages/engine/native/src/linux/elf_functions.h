#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace firstchance {

//! \brief Which function of an ELF file an address belongs to.
//!
//! By .symtab and .dynsym; of what they do not name, by where .eh_frame_hdr says that a function begins. The
//! file is the program's and nobody vouches for it: every offset is checked, tables beyond 64 MB are left
//! out.
class ElfFunctions {
public:
    //! \brief Empty when the file cannot be read or is no 64-bit ELF file.
    [[nodiscard]] static ElfFunctions read(const std::string& path);

    //! \brief The demangled name of the function at a link address; "fn_1c40" by its beginning when it has
    //! none; nothing when the address belongs to no function that is known.
    [[nodiscard]] std::optional<std::string> nameAt(std::uint64_t address) const;

private:
    struct Function {
        std::uint64_t end = 0; //!< the beginning when the size is unknown
        std::string name;      //!< as linked
    };
    std::map<std::uint64_t, Function> named_; //!< by beginning
    std::vector<std::uint64_t> beginnings_;   //!< of functions that unwind tables know, sorted
};

} // namespace firstchance
