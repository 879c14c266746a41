#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "base/address.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief "Namespace.Outer+Inner<System.Int32>", "T[]". "<unknown type 0x…>" when the DAC cannot name it.
[[nodiscard]] std::string typeName(Dac& dac, Address methodTable);

//! \brief True if there is a MethodTable at \p address, by what .NET 8 to 10 write there: its class points
//! back to it, or to the MethodTable it shares the class with. Asks memory only: the DAC crashes on what is
//! none.
[[nodiscard]] bool isMethodTable(Dac& dac, Address address);

//! \brief File name of the module that defines the type, "Shop.dll"; of an array that of its element type.
//! Empty if unknown.
[[nodiscard]] std::string typeModule(Dac& dac, Address methodTable);

//! \brief What a type is called and which module defines it.
struct TypeLabel {
    std::string name, module;
};
//! \brief By MethodTable.
using TypeLabels = std::unordered_map<std::uint64_t, TypeLabel>;

} // namespace firstchance
