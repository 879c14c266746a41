#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "clr/dac.h"

namespace firstchance {

//! \brief Offset of a field in a structure of the runtime, as the runtime's own data descriptor tells it
//! (dotnet/runtime docs/design/datacontracts: export DotNetRuntimeContractDescriptor, JSON); nothing before
//! .NET 9, or if that version does not tell this field.
[[nodiscard]] std::optional<std::uint64_t> contractField(Dac& dac, const std::string& type,
                                                         const std::string& field);

} // namespace firstchance
