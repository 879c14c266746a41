#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief Offset of the first field or, in arrays and strings, of the length: behind the MethodTable pointer.
inline constexpr std::uint64_t kObjectHeader = 8;

//! \brief MethodTable of the object at \p object without the GC's mark bits; null if unreadable.
[[nodiscard]] Address methodTableOf(Dac& dac, Address object);

//! \brief An object reference stored at \p where; null if unreadable.
[[nodiscard]] Address referenceAt(Dac& dac, Address where);

//! \brief Text of the System.String at \p object as UTF-8, at most \p limit UTF-16 units of it; nothing if it
//! is no string.
[[nodiscard]] std::optional<std::string> stringAt(Dac& dac, Address object, std::size_t limit = 1U << 16U);

//! \brief The elements of an array of references, at most \p limit; empty if it is none.
[[nodiscard]] std::vector<Address> referenceArray(Dac& dac, Address object, std::size_t limit);

//! \brief True if the class of \p methodTable is named \p name or derives from one that is.
[[nodiscard]] bool derivesFrom(Dac& dac, Address methodTable, std::string_view name);

} // namespace firstchance
